package dev.starling.bench.xds;

import io.envoyproxy.controlplane.cache.v3.SimpleCache;
import io.envoyproxy.controlplane.cache.v3.Snapshot;
import io.envoyproxy.controlplane.server.V3DiscoveryServer;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.grpc.netty.NettyServerBuilder;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The server of java-control-plane beside which the relay is measured: prints its port, and for each line on standard input
 * changes the first cluster and prints when it began to, until that ends.
 */
public final class JavaControlPlane {

    private static final String ALL = "all";

    private JavaControlPlane() {}

    public static void main(String[] args) throws IOException {
        List<Cluster> clusters = new ArrayList<>(IntStream.range(0, Integer.parseInt(args[0]))
                .mapToObj(cluster -> Content.cluster(Content.name(cluster), 0))
                .toList());
        var cache = new SimpleCache<>(_ -> ALL);
        cache.setSnapshot(ALL, snapshot(clusters, 0));
        var server = NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .addService(new V3DiscoveryServer(cache).getAggregatedDiscoveryServiceImpl())
                .build()
                .start();
        System.out.println(server.getPort());
        var orders = new BufferedReader(new InputStreamReader(System.in, Charset.defaultCharset()));
        int number = 0;
        for (String order = orders.readLine(); order != null; order = orders.readLine()) {
            long sentNanos = System.nanoTime();
            number++;
            clusters.set(0, Content.cluster(Content.ASKED, number));
            cache.setSnapshot(ALL, snapshot(clusters, number));
            System.out.println(sentNanos);
        }
        server.shutdownNow();
    }

    private static Snapshot snapshot(List<Cluster> clusters, int version) {
        return Snapshot.create(
                List.copyOf(clusters), List.of(), List.of(), List.of(), List.of(), Integer.toString(version));
    }
}
