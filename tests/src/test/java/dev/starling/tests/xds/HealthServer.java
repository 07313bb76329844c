package dev.starling.tests.xds;

import io.envoyproxy.envoy.service.health.v3.EndpointHealthResponse;
import io.envoyproxy.envoy.service.health.v3.HealthCheckRequest;
import io.envoyproxy.envoy.service.health.v3.HealthCheckRequestOrEndpointHealthResponse;
import io.envoyproxy.envoy.service.health.v3.HealthCheckSpecifier;
import io.envoyproxy.envoy.service.health.v3.HealthDiscoveryServiceGrpc;
import io.grpc.Server;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A health discovery service of one client: it says what the test wants checked, and keeps what it is told. */
public final class HealthServer extends HealthDiscoveryServiceGrpc.HealthDiscoveryServiceImplBase
        implements AutoCloseable {

    private final List<HealthCheckRequest> requests = new CopyOnWriteArrayList<>();
    private final List<EndpointHealthResponse> reports = new CopyOnWriteArrayList<>();
    private final List<ServerCallStreamObserver<HealthCheckSpecifier>> streams = new CopyOnWriteArrayList<>();
    private final boolean reads;
    private final Server server;

    private HealthServer(int port, boolean reads) throws IOException {
        this.reads = reads;
        this.server = NettyServerBuilder.forAddress(Plane.loopback(port))
                .addService(this)
                .build()
                .start();
    }

    public static HealthServer start() throws IOException {
        return at(0);
    }

    /** On that port, as one that comes back. */
    public static HealthServer at(int port) throws IOException {
        return new HealthServer(port, true);
    }

    /** One that takes the first message of a stream and no other before {@link #read}. */
    public static HealthServer notReading() throws IOException {
        return new HealthServer(0, false);
    }

    public int port() {
        return server.getPort();
    }

    @Override
    public StreamObserver<HealthCheckRequestOrEndpointHealthResponse> streamHealthCheck(
            StreamObserver<HealthCheckSpecifier> specifiers) {
        var stream = (ServerCallStreamObserver<HealthCheckSpecifier>) specifiers;
        if (!reads) {
            stream.disableAutoRequest();
            stream.request(1);
        }
        return new StreamObserver<>() {
            @Override
            public void onNext(HealthCheckRequestOrEndpointHealthResponse told) {
                if (told.hasHealthCheckRequest()) {
                    requests.add(told.getHealthCheckRequest());
                    streams.add(stream);
                } else {
                    reports.add(told.getEndpointHealthResponse());
                }
            }

            @Override
            public void onError(Throwable gone) {}

            @Override
            public void onCompleted() {}
        };
    }

    /** Who has come, one stream after the other. */
    public List<HealthCheckRequest> requests() {
        return List.copyOf(requests);
    }

    public List<EndpointHealthResponse> reports() {
        return List.copyOf(reports);
    }

    /** Says so on the last stream. */
    public void want(HealthCheckSpecifier specifier) {
        streams.getLast().onNext(specifier);
    }

    /** Takes so many more messages of the last stream. */
    public void read(int messages) {
        streams.getLast().request(messages);
    }

    @Override
    public void close() {
        GrpcServers.stop(server);
    }
}
