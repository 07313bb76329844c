package dev.starling.bench.xds;

import io.envoyproxy.envoy.config.core.v3.ApiVersion;
import io.envoyproxy.envoy.config.core.v3.ConfigSource;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.envoyproxy.envoy.config.endpoint.v3.LbEndpoint;
import io.envoyproxy.envoy.config.endpoint.v3.LedsClusterLocalityConfig;
import io.envoyproxy.envoy.config.endpoint.v3.LocalityLbEndpoints;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The endpoints of the cluster that is asked: loopback addresses of one upstream, of which one is replaced by another at a
 * time, all in turn. They come as one assignment, or each by itself (LEDS). Guarded by the plane's lock.
 */
final class Crowd {

    private static final String COLLECTION = "xdstp://bench/envoy.config.endpoint.v3.LbEndpoint/crowd/";

    private final Plane plane;
    private final boolean oneByOne;
    private final int port;
    private final List<String> hosts = new ArrayList<>();
    private final List<LbEndpoint> endpoints = new ArrayList<>();
    private int changes;

    Crowd(Plane plane, int size, boolean oneByOne, int port) {
        this.plane = plane;
        this.oneByOne = oneByOne;
        this.port = port;
        IntStream.range(0, size).forEach(place -> set(place, host(place, 0)));
    }

    private static String host(int place, int generation) {
        int net = 1 + (place >> 16) + 100 * (generation & 1);
        return "127.%d.%d.%d".formatted(net, place >> 8 & 255, place & 255);
    }

    private void set(int place, String host) {
        LbEndpoint endpoint = Content.endpoint(host, port);
        if (place < hosts.size()) {
            hosts.set(place, host);
            endpoints.set(place, endpoint);
        } else {
            hosts.add(host);
            endpoints.add(endpoint);
        }
    }

    /** What the next proxy is told. */
    void fill() {
        synchronized (plane) {
            plane.put(Content.ASKED, oneByOne ? collection() : assignment());
            for (int place = 0; place < hosts.size() && oneByOne; place++) {
                plane.put(COLLECTION + place, endpoints.get(place));
            }
        }
    }

    /** The next one gets another address. */
    void change() {
        synchronized (plane) {
            int place = changes % hosts.size();
            set(place, host(place, 1 + changes / hosts.size()));
            changes++;
            tell(place);
        }
    }

    /** One more. */
    long add() {
        synchronized (plane) {
            set(hosts.size(), host(hosts.size(), 0));
            return tell(hosts.size() - 1);
        }
    }

    List<String> hosts() {
        synchronized (plane) {
            return List.copyOf(hosts);
        }
    }

    private long tell(int place) {
        LbEndpoint endpoint = endpoints.get(place);
        return oneByOne
                ? plane.change(Content.ENDPOINTS, COLLECTION + place, () -> endpoint)
                : plane.change(Content.ASSIGNMENTS, Content.ASKED, this::assignment);
    }

    /** Called by the plane, which has its lock then. */
    private ClusterLoadAssignment assignment() {
        return Content.assignment(Content.ASKED, endpoints.stream());
    }

    private static ClusterLoadAssignment collection() {
        var source = ConfigSource.newBuilder(Content.source()).setResourceApiVersion(ApiVersion.V3);
        var locality = LocalityLbEndpoints.newBuilder()
                .setLedsClusterLocalityConfig(LedsClusterLocalityConfig.newBuilder()
                        .setLedsConfig(source)
                        .setLedsCollectionName(COLLECTION + "*"));
        return ClusterLoadAssignment.newBuilder()
                .setClusterName(Content.ASKED)
                .addEndpoints(locality)
                .build();
    }

    /** For clusters that nobody asks. */
    static Stream<LbEndpoint> unasked(int cluster, int endpoints) {
        return IntStream.range(0, endpoints)
                .mapToObj(endpoint ->
                        Content.endpoint("10.%d.%d.%d".formatted(endpoint, cluster >> 8, cluster & 255), 80));
    }
}
