package dev.starling.tests.xds;

import io.envoyproxy.envoy.config.endpoint.v3.ClusterStats;
import io.envoyproxy.envoy.service.load_stats.v3.LoadReportingServiceGrpc;
import io.envoyproxy.envoy.service.load_stats.v3.LoadStatsRequest;
import io.envoyproxy.envoy.service.load_stats.v3.LoadStatsResponse;
import io.grpc.Server;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** A load reporting service that asks each of its clients the same, and adds up what it is told. */
public final class LoadServer extends LoadReportingServiceGrpc.LoadReportingServiceImplBase implements AutoCloseable {

    private final LoadStatsResponse wanted;
    private final List<LoadStatsRequest> reports = new CopyOnWriteArrayList<>();
    private final Server server;

    private LoadServer(LoadStatsResponse wanted, NettyServerBuilder builder) throws IOException {
        this.wanted = wanted;
        this.server = builder.addService(this).build().start();
    }

    /** @param wanted sent once, when a client has said who it is */
    public static LoadServer start(LoadStatsResponse wanted) throws IOException {
        return new LoadServer(wanted, NettyServerBuilder.forAddress(Plane.loopback(0)));
    }

    public int port() {
        return server.getPort();
    }

    @Override
    public StreamObserver<LoadStatsRequest> streamLoadStats(StreamObserver<LoadStatsResponse> responses) {
        return new StreamObserver<>() {
            private boolean asked;

            @Override
            public void onNext(LoadStatsRequest report) {
                reports.add(report);
                if (!asked) {
                    asked = true;
                    responses.onNext(wanted);
                }
            }

            @Override
            public void onError(Throwable gone) {}

            @Override
            public void onCompleted() {}
        };
    }

    public List<LoadStatsRequest> reports() {
        return List.copyOf(reports);
    }

    /** By cluster, priority and zone: issued, succeeded, failed, of all reports together. */
    public Map<String, List<Long>> totals() {
        Map<String, List<Long>> totals = new TreeMap<>();
        for (LoadStatsRequest report : reports) {
            for (ClusterStats cluster : report.getClusterStatsList()) {
                cluster.getUpstreamLocalityStatsList().forEach(place -> {
                    String key = cluster.getClusterName() + " " + cluster.getClusterServiceName() + " "
                            + place.getPriority() + " " + place.getLocality().getZone();
                    totals.merge(
                            key,
                            List.of(
                                    place.getTotalIssuedRequests(),
                                    place.getTotalSuccessfulRequests(),
                                    place.getTotalErrorRequests()),
                            (one, other) -> List.of(
                                    one.get(0) + other.get(0), one.get(1) + other.get(1), one.get(2) + other.get(2)));
                });
            }
        }
        return totals;
    }

    @Override
    public void close() {
        GrpcServers.stop(server);
    }
}
