package dev.starling.tests.envoy;

import dev.starling.tests.xds.OwnPlane;
import io.envoyproxy.envoy.config.core.v3.Address;
import io.envoyproxy.envoy.config.core.v3.SocketAddress;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.envoyproxy.envoy.config.endpoint.v3.Endpoint;
import io.envoyproxy.envoy.config.endpoint.v3.LbEndpoint;
import io.envoyproxy.envoy.config.endpoint.v3.LocalityLbEndpoints;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.Map;

/** All that the clusters of the retry cases lead to, and a control plane for the one cluster whose endpoint goes. */
final class RetryUpstreams implements Closeable {

    final AttemptedEndpoints http1 = new AttemptedEndpoints("a", "b");
    final PathScriptedUpstream http2 = new PathScriptedUpstream();
    private final OwnPlane plane = OwnPlane.start();
    private final HangingServer hanging = new HangingServer();
    private final int nobody;

    RetryUpstreams() throws IOException {
        try (ServerSocket closed = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            nobody = closed.getLocalPort();
        }
        leaving(List.of());
    }

    /** The ports by the names that the bootstrap has for them. */
    Map<String, Integer> ports() {
        return Map.of(
                "a",
                http1.port("a"),
                "b",
                http1.port("b"),
                "http2",
                http2.port(),
                "hanging",
                hanging.port(),
                "nobody",
                nobody,
                "plane",
                plane.port());
    }

    /** From now on the n-th attempt gets the n-th of these, and further ones the last. */
    void answers(List<String> answers) {
        http1.answers(answers);
        http2.answers(answers);
    }

    /** The endpoints that the cluster {@code leaving} has from now on. */
    void leaving(List<Integer> ports) {
        LocalityLbEndpoints.Builder locality = LocalityLbEndpoints.newBuilder();
        for (int port : ports) {
            SocketAddress.Builder address =
                    SocketAddress.newBuilder().setAddress("127.0.0.1").setPortValue(port);
            locality.addLbEndpoints(LbEndpoint.newBuilder()
                    .setEndpoint(Endpoint.newBuilder()
                            .setAddress(Address.newBuilder().setSocketAddress(address))));
        }
        plane.set(
                "leaving",
                ClusterLoadAssignment.newBuilder()
                        .setClusterName("leaving")
                        .addEndpoints(locality)
                        .build());
    }

    @Override
    public void close() throws IOException {
        http1.close();
        http2.close();
        plane.close();
        hanging.close();
    }
}
