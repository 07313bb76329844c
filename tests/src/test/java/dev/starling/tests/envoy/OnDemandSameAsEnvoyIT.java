package dev.starling.tests.envoy;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.util.Durations;
import dev.starling.tests.xds.OwnPlane;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import java.io.IOException;
import java.net.SocketException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Clusters that are asked for when a request or a connection needs them, in the real Envoy and in Starling. */
@Timeout(180)
class OnDemandSameAsEnvoyIT {

    private static final int LINES = 11;
    private static final String CLUSTERS = OwnPlane.typeUrl(Cluster.getDefaultInstance());
    private static final String SOME = "xdstp://plane/envoy.config.cluster.v3.Cluster/some/";
    private static final String OTHERS = "xdstp://plane/envoy.config.cluster.v3.Cluster/others/";

    @TempDir
    Path folder;

    /** Without endpoints: then a request is answered otherwise than without the cluster. */
    private static Cluster cluster(String name, int timeoutMillis) {
        return Cluster.newBuilder()
                .setName(name)
                .setConnectTimeout(Durations.fromMillis(timeoutMillis))
                .build();
    }

    private static String exchange(ProxyProcess proxy, String listener, String request) throws IOException {
        try {
            String answer = proxy.exchange(listener, request);
            return answer.replaceAll("(?m)^(date|server|connection|content-length): .*\\R", "");
        } catch (SocketException e) {
            return "closed";
        }
    }

    private static String get(ProxyProcess proxy, String path, String cluster) throws IOException {
        return exchange(
                proxy, "in", "GET " + path + " HTTP/1.1\r\nhost: h\r\n" + cluster + "connection: close\r\n\r\n");
    }

    private static String answers(ProxyProcess proxy) throws IOException {
        return String.join(
                "\n",
                get(proxy, "/", ""),
                get(proxy, "/", "x-cluster: there\r\n"),
                get(proxy, "/", "x-cluster: there\r\n"),
                get(proxy, "/fixed", ""),
                get(proxy, "/", "x-cluster: missing\r\n"),
                get(proxy, "/", "x-cluster: kept\r\n"),
                get(proxy, "/", "x-cluster: bad\r\n"),
                exchange(proxy, "tcp", ""),
                exchange(proxy, "tcp", ""),
                exchange(proxy, "lost", ""),
                exchange(proxy, "kept", ""));
    }

    private static String stats(ProxyProcess proxy) throws IOException {
        return proxy.get(
                "/stats?filter=cluster_manager.(active_clusters%7Ccluster_added%7Cwarming_clusters)%7C"
                        + "odcds.(version$%7Cversion_text%7Cupdate_failure%7Cinit_fetch)%7Con_demand_cluster%7Ccx_no_route%7Chttp.http.no_cluster");
    }

    @Test
    void waitsForAnswersCountsAndLogsTheSame() throws IOException {
        Path envoy = EnvoyBinary.require(getClass());
        try (OwnPlane plane = OwnPlane.start()) {
            plane.set("bad", cluster("bad", -1));
            plane.set("fixed", cluster("fixed", 1000));
            plane.set("there", cluster("there", 1000));
            plane.set("tcp", cluster("tcp", 1000));
            plane.keep("kept");
            try (BothProxies proxies =
                    BothProxies.start(envoy, folder, "on-demand-bootstrap.yaml", Map.of("plane", plane.port()))) {
                assertThat(answers(proxies.starling())).isEqualTo(answers(proxies.envoy()));
                proxies.assertAlike(proxy -> proxy.awaitLines("log.txt", LINES));
                proxies.assertAlike(OnDemandSameAsEnvoyIT::stats);
            }
        }
    }

    /** Asks for some clusters, but on one route for others. */
    private static String located(OwnPlane plane) throws IOException {
        String source = "source: {ads: {}, resource_api_version: V3}";
        return BothProxies.resource("on-demand-bootstrap.yaml")
                .replace("{plane}", Integer.toString(plane.port()))
                .replace("odcds: {" + source, "odcds: {resources_locator: '" + SOME + "*', " + source)
                .replace(
                        "route: {cluster: fixed}}",
                        "route: {cluster: fixed}, typed_per_filter_config: {on-demand: {'@type':"
                                + " type.googleapis.com/envoy.extensions.filters.http.on_demand.v3.PerRouteConfig,"
                                + " odcds: {resources_locator: '" + OTHERS + "*', " + source + "}}}}");
    }

    private static String toCluster(ProxyProcess proxy, String cluster) throws IOException {
        return get(proxy, "/", "x-cluster: " + cluster + "\r\n");
    }

    /** For what cannot be repeated. */
    private static void assertOnce(BothProxies proxies, BothProxies.Told exchange) throws IOException {
        String theirs = exchange.by(proxies.envoy());
        assertThat(exchange.by(proxies.starling())).isEqualTo(theirs);
    }

    private static void awaitCluster(BothProxies proxies, String cluster, boolean there) {
        Awaitility.await(cluster)
                .atMost(60, TimeUnit.SECONDS)
                .until(() -> names(proxies.envoy()).contains(cluster) == there
                        && names(proxies.starling()).contains(cluster) == there);
    }

    /** Of clusters that have come from the plane, with their versions. */
    private static String names(ProxyProcess proxy) throws IOException {
        return Pattern.compile("\"(version_info|name)\": \"(.*)\"")
                .matcher(proxy.get("/config_dump?resource=dynamic_active_clusters&mask=version_info,cluster.name"))
                .results()
                .map(MatchResult::group)
                .collect(Collectors.joining("\n"));
    }

    @Test
    void asksForWhatALocatorLeadsToTheSame() throws IOException {
        Path envoy = EnvoyBinary.require(getClass());
        try (OwnPlane plane = OwnPlane.start()) {
            plane.set(SOME + "a", cluster("a", 1000));
            plane.set(OTHERS + "fixed", cluster("fixed", 1000));
            plane.set("plain", cluster("plain", 1000));
            try (BothProxies proxies = BothProxies.start(envoy, folder, located(plane))) {
                // The first is not among them, and waits in vain.
                assertOnce(proxies, proxy -> toCluster(proxy, "plain"));
                assertOnce(proxies, OnDemandSameAsEnvoyIT::names);
                assertOnce(proxies, proxy -> toCluster(proxy, "a"));
                assertOnce(proxies, proxy -> toCluster(proxy, "plain"));
                assertOnce(proxies, proxy -> toCluster(proxy, "missing"));
                assertOnce(proxies, proxy -> get(proxy, "/fixed", ""));
                proxies.assertAlike(OnDemandSameAsEnvoyIT::names);
                proxies.assertAlike(OnDemandSameAsEnvoyIT::locatedStats);

                plane.set(SOME + "late", cluster("late", 1000));
                plane.set(SOME + "same", cluster(SOME + "same", 1000));
                awaitCluster(proxies, SOME + "same", true);
                proxies.assertAlike(OnDemandSameAsEnvoyIT::names);
                assertOnce(proxies, proxy -> toCluster(proxy, "late"));

                // A member that goes takes the cluster of its own name with it, and no other.
                plane.remove(CLUSTERS, SOME + "a");
                plane.remove(CLUSTERS, SOME + "same");
                awaitCluster(proxies, SOME + "same", false);
                proxies.assertAlike(proxy -> proxy.names("/clusters"));
                assertOnce(proxies, proxy -> toCluster(proxy, "a"));

                plane.set(SOME + "late", cluster("late", -1));
                plane.set(SOME + "last", cluster("last", 1000));
                awaitCluster(proxies, "last", true);
                proxies.assertAlike(proxy -> proxy.names("/clusters"));
                proxies.assertAlike(OnDemandSameAsEnvoyIT::locatedStats);

                proxies.assertAlike(proxy -> proxy.get("/init_dump"));
                proxies.assertAlike(proxy -> proxy.awaitLines("log.txt", 7));
            }
            assertThat(plane.subscribed(CLUSTERS))
                    .containsExactly(
                            SOME + "*", SOME + "*", "plain", "plain", "missing", "missing", OTHERS + "*", OTHERS + "*");
        }
    }

    private static String locatedStats(ProxyProcess proxy) throws IOException {
        return stats(proxy) + proxy.get("/stats?filter=odcds.update_success");
    }
}
