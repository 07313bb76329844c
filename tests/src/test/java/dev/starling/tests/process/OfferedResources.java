package dev.starling.tests.process;

import static java.util.Objects.requireNonNull;

import com.google.protobuf.Duration;
import dev.starling.tests.xds.Snapshots;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.service.discovery.v3.Resource;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * What a control plane has, all of it good: two clusters, of one endpoint each, and a route to one of them, in states that
 * are numbered. Changes are drawn at random; what they return is to be sent.
 */
final class OfferedResources {

    /** To where endpoints lead. */
    record Upstream(String name, int port) {}

    private static final String ROUTES = "routes";
    private static final List<String> CLUSTERS = List.of("one", "two");

    private final Random random;
    private final List<Upstream> upstreams;
    private final Map<String, Resource> resources = new LinkedHashMap<>();
    private final Map<String, Upstream> led = new LinkedHashMap<>();
    private final Map<String, String> shown = new LinkedHashMap<>();
    private String routed = CLUSTERS.getFirst();
    private int state;

    /** @param upstreams two */
    OfferedResources(Random random, List<Upstream> upstreams) {
        this.random = random;
        this.upstreams = upstreams;
        for (String cluster : CLUSTERS) {
            cluster(cluster);
            endpoints(cluster, upstreams.getFirst(), 0);
        }
        newState();
    }

    Collection<Resource> all() {
        return resources.values();
    }

    int state() {
        return state;
    }

    /** What is answered when all is taken. */
    String answer() {
        return leadOf(routed).name();
    }

    /** What is in {@code /clusters} when all is taken. */
    Collection<String> shown() {
        return shown.values();
    }

    String anyCluster() {
        return CLUSTERS.get(random.nextInt(CLUSTERS.size()));
    }

    private Upstream leadOf(String cluster) {
        return requireNonNull(led.get(cluster));
    }

    // ---- what changes -----------------------------------------------------------------------------------------------

    /** One thing: other endpoints, another route, or a cluster, which then waits for its endpoints. */
    List<Resource> change() {
        String cluster = anyCluster();
        return switch (random.nextInt(3)) {
            case 0 -> List.of(moved(cluster));
            case 1 -> List.of(routes(cluster));
            default -> changed(cluster);
        };
    }

    Resource newState() {
        return routes(routed);
    }

    Resource routes(String cluster) {
        routed = cluster;
        return put("routes ", MortalPlane.resource(ROUTES, route(cluster)));
    }

    /** The endpoint of a cluster, wherever it leads now, with another weight. */
    Resource moved(String cluster) {
        return endpoints(cluster, upstreams.get(random.nextInt(upstreams.size())), 0);
    }

    /** What is answered is another upstream from now on. */
    Resource turned(int nameBytes) {
        return endpoints(routed, upstreams.get(1 - upstreams.indexOf(leadOf(routed))), nameBytes);
    }

    List<Resource> changed(String cluster) {
        return List.of(cluster(cluster), endpoints(cluster, leadOf(cluster), 0));
    }

    private Resource cluster(String name) {
        return put("cluster ", MortalPlane.resource(name, cluster(name, 1 + random.nextInt(100))));
    }

    private Resource endpoints(String cluster, Upstream upstream, int nameBytes) {
        int weight = 1 + random.nextInt(100);
        led.put(cluster, upstream);
        shown.put(cluster, "%s::127.0.0.1:%d::weight::%d\n".formatted(cluster, upstream.port(), weight));
        return put("endpoints ", MortalPlane.resource(cluster, endpoints(cluster, upstream, weight, nameBytes)));
    }

    private Resource put(String kind, Resource resource) {
        resources.put(kind + resource.getName(), resource);
        return resource;
    }

    // ---- what is refused; nothing of it stays -----------------------------------------------------------------------

    static Resource badCluster(String name) {
        return MortalPlane.resource(name, cluster(name, 0));
    }

    static Resource badEndpoints(String cluster, Upstream upstream) {
        return MortalPlane.resource(cluster, endpoints(cluster, upstream, 0, 0));
    }

    Resource badRoutes() {
        return MortalPlane.resource(ROUTES, route(""));
    }

    // ---- messages ---------------------------------------------------------------------------------------------------

    private static Cluster cluster(String name, int connectSeconds) {
        return Snapshots.aggregated().cluster(name).toBuilder()
                .setConnectTimeout(Duration.newBuilder().setSeconds(connectSeconds))
                .build();
    }

    private static ClusterLoadAssignment endpoints(String cluster, Upstream upstream, int weight, int nameBytes) {
        var assignment = Snapshots.endpoints(cluster, upstream.port()).toBuilder();
        var endpoint = assignment.getEndpointsBuilder(0).getLbEndpointsBuilder(0);
        endpoint.getLoadBalancingWeightBuilder().setValue(weight);
        endpoint.getEndpointBuilder().setHostname("a".repeat(nameBytes));
        return assignment.build();
    }

    private RouteConfiguration route(String cluster) {
        var routes = Snapshots.routes(ROUTES, cluster).toBuilder();
        routes.addResponseHeadersToAddBuilder()
                .getHeaderBuilder()
                .setKey(SteadyClient.STATE)
                .setValue(Integer.toString(++state));
        return routes.build();
    }
}
