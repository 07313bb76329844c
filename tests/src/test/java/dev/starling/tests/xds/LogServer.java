package dev.starling.tests.xds;

import io.envoyproxy.envoy.service.accesslog.v3.AccessLogServiceGrpc;
import io.envoyproxy.envoy.service.accesslog.v3.StreamAccessLogsMessage;
import io.envoyproxy.envoy.service.accesslog.v3.StreamAccessLogsResponse;
import io.grpc.Server;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/** A log service that keeps what it is sent, stream by stream. */
public final class LogServer extends AccessLogServiceGrpc.AccessLogServiceImplBase implements AutoCloseable {

    /** What came on each stream. */
    private final List<List<StreamAccessLogsMessage>> streams = new CopyOnWriteArrayList<>();

    private final boolean reads;
    private final Server server;

    private LogServer(int port, boolean reads) throws IOException {
        this.reads = reads;
        this.server = NettyServerBuilder.forAddress(Plane.loopback(port))
                .addService(this)
                .build()
                .start();
    }

    /** @param port 0 for any */
    public static LogServer start(int port) throws IOException {
        return new LogServer(port, true);
    }

    /** Accepts streams and never reads what is on them. */
    public static LogServer deaf() throws IOException {
        return new LogServer(0, false);
    }

    public int port() {
        return server.getPort();
    }

    @Override
    public StreamObserver<StreamAccessLogsMessage> streamAccessLogs(
            StreamObserver<StreamAccessLogsResponse> responses) {
        if (!reads) {
            ((ServerCallStreamObserver<StreamAccessLogsResponse>) responses).disableAutoRequest();
        }
        List<StreamAccessLogsMessage> messages = new CopyOnWriteArrayList<>();
        streams.add(messages);
        return new StreamObserver<>() {
            @Override
            public void onNext(StreamAccessLogsMessage message) {
                messages.add(message);
            }

            @Override
            public void onError(Throwable gone) {}

            @Override
            public void onCompleted() {
                responses.onNext(StreamAccessLogsResponse.getDefaultInstance());
                responses.onCompleted();
            }
        };
    }

    public List<List<StreamAccessLogsMessage>> streams() {
        return List.copyOf(streams);
    }

    public List<StreamAccessLogsMessage> messages() {
        return streams.stream().flatMap(List::stream).toList();
    }

    @Override
    public void close() {
        try {
            server.shutdownNow().awaitTermination(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
