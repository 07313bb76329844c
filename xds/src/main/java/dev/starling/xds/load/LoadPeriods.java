package dev.starling.xds.load;

import com.google.protobuf.Duration;
import dev.starling.config.Locality;
import dev.starling.xds.load.LoadSource.ClusterLoad;
import dev.starling.xds.load.LoadSource.EndpointLoad;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterStats;
import io.envoyproxy.envoy.config.endpoint.v3.UpstreamLocalityStats;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * What was counted when each cluster was last reported, so that the next report tells what came since. A cluster that goes on
 * being asked for loses nothing between reports; one that is new begins at zero. Pure; used by one thread.
 */
final class LoadPeriods {

    private record Period(long beganNanos, Map<Object, EndpointLoad> then) {}

    private record Place(Locality locality, int priority) {}

    private static final class Sum {
        private long issued;
        private long succeeded;
        private long failed;
        private long active;

        private boolean isNothing() {
            return issued + succeeded + failed + active == 0;
        }
    }

    private final LoadSource source;
    private Map<String, Period> periods = new LinkedHashMap<>();

    LoadPeriods(LoadSource source) {
        this.source = source;
    }

    /** These are to be reported from now on, and no others. */
    void follow(Collection<String> clusters, long nowNanos) {
        Map<String, Period> followed = new LinkedHashMap<>();
        for (String cluster : clusters) {
            Period known = periods.get(cluster);
            if (known != null) {
                followed.put(cluster, known);
            } else {
                source.load(cluster).ifPresent(load -> followed.put(cluster, new Period(nowNanos, marks(load))));
            }
        }
        periods = followed;
    }

    private static Map<Object, EndpointLoad> marks(ClusterLoad load) {
        Map<Object, EndpointLoad> marks = new HashMap<>();
        load.endpoints().forEach(endpoint -> marks.put(endpoint.identity(), endpoint));
        return marks;
    }

    /** What came since the last report; the next periods begin. Clusters that are no more are left out. */
    List<ClusterStats> report(long nowNanos) {
        List<ClusterStats> report = new ArrayList<>();
        periods.replaceAll((cluster, period) -> {
            var load = source.load(cluster);
            if (load.isEmpty()) {
                return period;
            }
            report.add(stats(cluster, load.get(), period, nowNanos));
            return new Period(nowNanos, marks(load.get()));
        });
        return report;
    }

    private static ClusterStats stats(String cluster, ClusterLoad load, Period period, long nowNanos) {
        Map<Place, Sum> places = new LinkedHashMap<>();
        for (EndpointLoad endpoint : load.endpoints()) {
            EndpointLoad before = period.then().get(endpoint.identity());
            Sum sum = places.computeIfAbsent(new Place(endpoint.locality(), endpoint.priority()), _ -> new Sum());
            sum.issued += endpoint.issued() - (before == null ? 0 : before.issued());
            sum.succeeded += endpoint.succeeded() - (before == null ? 0 : before.succeeded());
            sum.failed += endpoint.failed() - (before == null ? 0 : before.failed());
            sum.active += endpoint.active();
        }
        var stats = ClusterStats.newBuilder()
                .setClusterName(cluster)
                .setClusterServiceName(load.serviceName())
                .setLoadReportInterval(duration(nowNanos - period.beganNanos()));
        places.forEach((place, sum) -> {
            if (!sum.isNothing()) {
                stats.addUpstreamLocalityStats(stats(place, sum));
            }
        });
        return stats.build();
    }

    private static UpstreamLocalityStats stats(Place place, Sum sum) {
        return UpstreamLocalityStats.newBuilder()
                .setLocality(io.envoyproxy.envoy.config.core.v3.Locality.newBuilder()
                        .setRegion(place.locality().region())
                        .setZone(place.locality().zone())
                        .setSubZone(place.locality().subZone()))
                .setPriority(place.priority())
                .setTotalIssuedRequests(sum.issued)
                .setTotalSuccessfulRequests(sum.succeeded)
                .setTotalErrorRequests(sum.failed)
                .setTotalRequestsInProgress(sum.active)
                .build();
    }

    private static Duration duration(long nanos) {
        long seconds = TimeUnit.NANOSECONDS.toSeconds(nanos);
        return Duration.newBuilder()
                .setSeconds(seconds)
                .setNanos((int) (nanos - TimeUnit.SECONDS.toNanos(seconds)))
                .build();
    }
}
