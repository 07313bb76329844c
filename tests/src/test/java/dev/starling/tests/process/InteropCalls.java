package dev.starling.tests.process;

import io.grpc.ManagedChannelBuilder;
import io.grpc.netty.shaded.io.grpc.netty.NegotiationType;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.testing.integration.AbstractInteropTest;
import java.net.InetSocketAddress;

/** gRPC's interoperability cases, called at this address. */
public final class InteropCalls extends AbstractInteropTest {

    private static final int LARGEST_MESSAGE = 16 * 1024 * 1024;

    private final InetSocketAddress address;

    InteropCalls(InetSocketAddress address) {
        this.address = address;
    }

    @Override
    protected ManagedChannelBuilder<?> createChannelBuilder() {
        return NettyChannelBuilder.forAddress(address)
                .negotiationType(NegotiationType.PLAINTEXT)
                .maxInboundMessageSize(LARGEST_MESSAGE);
    }

    @Override
    protected boolean metricsExpected() {
        return false; // of a server in the same object
    }
}
