package dev.starling.tests.process;

import io.grpc.ManagedChannelBuilder;
import io.grpc.netty.shaded.io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.shaded.io.grpc.netty.NegotiationType;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.testing.integration.AbstractInteropTest;
import java.io.IOException;
import java.net.InetSocketAddress;

/** gRPC's interoperability cases, called at this address. */
public final class InteropCalls extends AbstractInteropTest {

    private static final int LARGEST_MESSAGE = 16 * 1024 * 1024;

    private final NettyChannelBuilder builder;

    private InteropCalls(NettyChannelBuilder builder) {
        this.builder = builder.maxInboundMessageSize(LARGEST_MESSAGE);
    }

    static InteropCalls clear(InetSocketAddress address) {
        return new InteropCalls(NettyChannelBuilder.forAddress(address).negotiationType(NegotiationType.PLAINTEXT));
    }

    static InteropCalls secure(InetSocketAddress address, InteropCertificates certificates) throws IOException {
        return new InteropCalls(NettyChannelBuilder.forAddress(address)
                .overrideAuthority(InteropCertificates.NAME)
                .sslContext(GrpcSslContexts.forClient()
                        .trustManager(certificates.authority().toFile())
                        .build()));
    }

    @Override
    protected ManagedChannelBuilder<?> createChannelBuilder() {
        return builder;
    }

    @Override
    protected boolean metricsExpected() {
        return false; // of a server in the same object
    }
}
