package dev.starling.tests.xds;

import io.envoyproxy.controlplane.cache.v3.SimpleCache;
import io.envoyproxy.controlplane.cache.v3.Snapshot;
import io.envoyproxy.controlplane.server.DiscoveryServerCallbacks;
import io.envoyproxy.controlplane.server.V3DiscoveryServer;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryRequest;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyServerBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** java-control-plane's own server and cache, and what was asked of them. */
public final class Plane implements AutoCloseable {

    private static final String GROUP = "all";

    /** {@code nonce} of each delta request, in order, as java-control-plane's own tests join them. */
    final List<String> deltaNonces = new CopyOnWriteArrayList<>();

    final List<DiscoveryRequest> requests = new CopyOnWriteArrayList<>();
    final List<DeltaDiscoveryRequest> deltaRequests = new CopyOnWriteArrayList<>();
    final AtomicInteger streams = new AtomicInteger();
    private final SimpleCache<String> cache = new SimpleCache<>(_ -> GROUP);
    private final Server server;

    private Plane(NettyServerBuilder builder, int refusedStreams) throws IOException {
        var service = new V3DiscoveryServer(
                new DiscoveryServerCallbacks() {
                    @Override
                    public void onStreamOpen(long id, String typeUrl) {
                        if (streams.getAndIncrement() < refusedStreams) {
                            throw new StatusRuntimeException(Status.INVALID_ARGUMENT.withDescription("not yet"));
                        }
                    }

                    @Override
                    public void onV3StreamRequest(long id, DiscoveryRequest request) {
                        requests.add(request);
                    }

                    @Override
                    public void onV3StreamDeltaRequest(long id, DeltaDiscoveryRequest request) {
                        deltaRequests.add(request);
                        deltaNonces.add(request.getResponseNonce());
                    }
                },
                cache);
        server = builder.addService(service.getAggregatedDiscoveryServiceImpl())
                .addService(service.getClusterDiscoveryServiceImpl())
                .addService(service.getEndpointDiscoveryServiceImpl())
                .addService(service.getListenerDiscoveryServiceImpl())
                .addService(service.getRouteDiscoveryServiceImpl())
                .addService(service.getSecretDiscoveryServiceImpl())
                .build()
                .start();
    }

    public static Plane start() throws IOException {
        return at(NettyServerBuilder.forAddress(loopback(0)));
    }

    /** Where and how the builder says. */
    static Plane at(NettyServerBuilder builder) throws IOException {
        return new Plane(builder, 0);
    }

    static InetSocketAddress loopback(int port) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    /** Where another one was. */
    static Plane restart(int port) throws IOException {
        return at(NettyServerBuilder.forAddress(loopback(port)));
    }

    /** Refuses the first streams. */
    static Plane refusing(int streams) throws IOException {
        return new Plane(NettyServerBuilder.forAddress(loopback(0)), streams);
    }

    public int port() {
        return server.getPort();
    }

    public void set(Snapshot snapshot) {
        cache.setSnapshot(GROUP, snapshot);
    }

    String nonces() {
        return String.join("", deltaNonces);
    }

    @Override
    public void close() {
        GrpcServers.stop(server);
    }
}
