package dev.starling.tests.process;

import io.grpc.Server;
import io.grpc.ServerInterceptors;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.testing.integration.TestServiceImpl;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;

/** gRPC's test server on a free port of loopback. */
public final class InteropServer implements AutoCloseable {

    private static final int LARGEST_MESSAGE = 16 * 1024 * 1024;

    private final ScheduledExecutorService executor = Executors.newScheduledThreadPool(2);
    private final Server server;

    private InteropServer(NettyServerBuilder builder) throws IOException {
        server = builder.maxInboundMessageSize(LARGEST_MESSAGE)
                .addService(ServerInterceptors.intercept(new TestServiceImpl(executor), TestServiceImpl.interceptors()))
                .build()
                .start();
    }

    public static InteropServer clear() throws IOException {
        return new InteropServer(onLoopback());
    }

    static InteropServer secure(InteropCertificates certificates) throws IOException {
        return new InteropServer(onLoopback()
                .useTransportSecurity(
                        certificates.certificate().toFile(), certificates.key().toFile()));
    }

    private static NettyServerBuilder onLoopback() {
        return NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    }

    public int port() {
        return server.getPort();
    }

    @Override
    public void close() {
        server.shutdownNow();
        executor.shutdownNow();
    }
}
