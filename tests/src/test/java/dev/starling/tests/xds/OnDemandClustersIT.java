package dev.starling.tests.xds;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.util.Durations;
import com.sun.net.httpserver.HttpServer;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.core.v3.AggregatedConfigSource;
import io.envoyproxy.envoy.config.core.v3.ConfigSource;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryRequest;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Clusters that a request asks for. */
@Timeout(120)
class OnDemandClustersIT {

    private static final String CLUSTERS = OwnPlane.typeUrl(Cluster.getDefaultInstance());

    private static final String SOME = "xdstp://plane/envoy.config.cluster.v3.Cluster/some/";

    private OwnPlane plane;
    private HttpServer upstream;

    @BeforeEach
    void start() throws IOException {
        plane = OwnPlane.start();
        upstream = Proxy.upstream("upstream");
    }

    @AfterEach
    void stop() {
        plane.close();
        upstream.stop(0);
    }

    private static String listener(String timeout) {
        return listener("[{match: {prefix: /}, route: {cluster: wanted}}]", false, odcds(timeout));
    }

    private static String odcds(String timeout) {
        return "odcds: {source: {ads: {}, resource_api_version: V3}, timeout: " + timeout + "}";
    }

    /**
     * @param disabled the filter in its chain
     * @param odcds of the filter, may be empty
     */
    private static String listener(String routes, boolean disabled, String odcds) {
        return Proxy.listener("in", """
                route_config:
                  validate_clusters: false
                  virtual_hosts:
                  - {name: all, domains: ["*"], routes: %s}
                http_filters:
                - name: on-demand
                  disabled: %s
                  typed_config:
                    "@type": type.googleapis.com/envoy.extensions.filters.http.on_demand.v3.OnDemand
                    %s
                - name: router
                  typed_config:
                    "@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router
                """.formatted(routes, disabled, odcds));
    }

    /** Says something of the filter. */
    private static String route(String prefix, String type, String fields) {
        return "{match: {prefix: " + prefix + "}, route: {cluster: wanted}, typed_per_filter_config: {on-demand:"
                + " {'@type': type.googleapis.com/" + type + ", " + fields + "}}}";
    }

    private static String perRoute(String prefix, String odcds) {
        return route(prefix, "envoy.extensions.filters.http.on_demand.v3.PerRouteConfig", odcds);
    }

    private Proxy proxy(String apiType, String timeout) throws Exception {
        return Proxy.of(Proxy.ads(apiType) + Proxy.plane(plane.port()) + listener(timeout))
                .awaitStart();
    }

    private void clusterComes() {
        plane.set(
                "wanted",
                Cluster.newBuilder()
                        .setName("wanted")
                        .setConnectTimeout(Durations.fromSeconds(1))
                        .setLoadAssignment(Snapshots.endpoints(
                                "wanted", upstream.getAddress().getPort()))
                        .build());
    }

    @Test
    void aRequestWaitsForItsCluster() throws Exception {
        plane.keep("wanted");
        try (var proxy = proxy("DELTA_GRPC", "100s")) {
            CompletableFuture<String> answer = CompletableFuture.supplyAsync(() -> proxy.get("in"));
            await().atMost(Duration.ofSeconds(20)).until(() -> asked() == 1);
            assertThat(answer).isNotDone();

            plane.tell("wanted");
            clusterComes();
            assertThat(answer.get(20, TimeUnit.SECONDS)).isEqualTo("200 upstream");
            assertThat(proxy.get("in")).isEqualTo("200 upstream");
            assertThat(asked()).isEqualTo(1);
        }
    }

    @Test
    void aClusterThatIsNotThereOrGoesIsAskedForAgain() throws Exception {
        try (var proxy = proxy("DELTA_GRPC", "100s")) {
            assertThat(proxy.get("in")).isEqualTo("503 ");
            assertThat(asked()).isEqualTo(1);
            clusterComes();
            assertThat(proxy.get("in")).isEqualTo("200 upstream");
            assertThat(asked()).isEqualTo(2);

            plane.remove(CLUSTERS, "wanted");
            await().atMost(Duration.ofSeconds(20)).until(() -> proxy.get("in").equals("503 "));
        }
    }

    @Test
    void aRequestDoesNotWaitForEver() throws Exception {
        plane.keep("wanted");
        try (var proxy = proxy("DELTA_GRPC", "0.2s")) {
            assertThat(proxy.get("in")).isEqualTo("503 ");
        }
    }

    @Test
    void theStateOfTheWorldHasClustersByNameToo() throws Exception {
        clusterComes();
        try (var proxy = proxy("GRPC", "100s")) {
            assertThat(proxy.get("in")).isEqualTo("200 upstream");
            assertThat(proxy.stat("cluster_manager.odcds.update_success")).isPositive();
        }
    }

    @Test
    void aRouteSaysWhetherItsClusterIsAskedFor() throws Exception {
        clusterComes();
        String routes = "[" + perRoute("/not", "") + ", "
                + route("/off", "envoy.config.route.v3.FilterConfig", "disabled: true")
                + ", {match: {prefix: /}, route: {cluster: wanted}}]";
        try (var proxy = Proxy.of(
                        Proxy.ads("DELTA_GRPC") + Proxy.plane(plane.port()) + listener(routes, false, odcds("100s")))
                .awaitStart()) {
            assertThat(proxy.get("in", "/not")).isEqualTo("503 ");
            assertThat(proxy.get("in", "/off")).isEqualTo("503 ");
            assertThat(asked()).isZero();
            assertThat(proxy.get("in", "/")).isEqualTo("200 upstream");
            assertThat(asked()).isEqualTo(1);
        }
    }

    @Test
    void aRouteWhoseWordItIsEnablesTheFilter() throws Exception {
        clusterComes();
        String routes = "[" + perRoute("/asks", odcds("100s")) + ", {match: {prefix: /}, route: {cluster: wanted}}]";
        try (var proxy = Proxy.of(
                        Proxy.ads("DELTA_GRPC") + Proxy.plane(plane.port()) + listener(routes, true, odcds("100s")))
                .awaitStart()) {
            assertThat(proxy.get("in", "/")).isEqualTo("503 ");
            assertThat(asked()).isZero();
            assertThat(proxy.get("in", "/asks")).isEqualTo("200 upstream");
            assertThat(proxy.get("in", "/")).isEqualTo("200 upstream");
        }
    }

    private static String located(String source, String timeout) {
        return "odcds: {source: {" + source + "}, resources_locator: '" + SOME + "*', timeout: " + timeout + "}";
    }

    /** Requests say themselves to which cluster. */
    private Proxy located(String source) throws Exception {
        String routes =
                "[{match: {prefix: /first}, route: {cluster: first}}, {match: {prefix: /second}, route: {cluster:"
                        + " second}}, {match: {prefix: /}, route: {cluster: wanted}}]";
        return Proxy.of(Proxy.ads("DELTA_GRPC")
                        + Proxy.plane(plane.port())
                        + listener(routes, false, located(source, "100s")))
                .awaitStart();
    }

    private static CompletableFuture<String> ask(Proxy proxy, String path) {
        return CompletableFuture.supplyAsync(() -> proxy.get("in", path), Thread::startVirtualThread);
    }

    private Cluster named(String name) {
        return Cluster.newBuilder()
                .setName(name)
                .setConnectTimeout(Durations.fromSeconds(1))
                .setLoadAssignment(
                        Snapshots.endpoints(name, upstream.getAddress().getPort()))
                .build();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ads: {}, resource_api_version: V3",
                "resource_api_version: V3, api_config_source: {api_type: DELTA_GRPC, transport_api_version: V3,"
                        + " grpc_services: [{envoy_grpc: {cluster_name: plane}}]}"
            })
    void whatALocatorLeadsToIsAskedForFirst(String source) throws Exception {
        try (var proxy = located(source)) {
            CompletableFuture<String> first = ask(proxy, "/first");
            await().atMost(Duration.ofSeconds(20)).until(() -> !subscribed().isEmpty());
            CompletableFuture<String> wanted = ask(proxy, "/");
            CompletableFuture<String> second = ask(proxy, "/second");
            await().atMost(Duration.ofSeconds(20)).until(() -> proxy.stat("http.http.downstream_rq_active") == 3);
            assertThat(subscribed()).containsExactly(SOME + "*");

            plane.set("second", named("second"));
            plane.set(SOME + "wanted", named("wanted"));
            assertThat(wanted.get(20, TimeUnit.SECONDS)).isEqualTo("200 upstream");
            assertThat(second.get(20, TimeUnit.SECONDS)).isEqualTo("200 upstream");
            assertThat(first).isNotDone();
            assertThat(subscribed()).containsExactly(SOME + "*", "second");

            plane.set(SOME + "first", named("first"));
            assertThat(first.get(20, TimeUnit.SECONDS)).isEqualTo("200 upstream");
            assertThat(subscribed()).hasSize(2);
        }
    }

    @Test
    void aMemberThatIsStillToWarmIsNotAskedForByName() throws Exception {
        plane.set(
                SOME + "wanted",
                Cluster.newBuilder()
                        .setName("wanted")
                        .setType(Cluster.DiscoveryType.EDS)
                        .setEdsClusterConfig(Cluster.EdsClusterConfig.newBuilder()
                                .setEdsConfig(
                                        ConfigSource.newBuilder().setAds(AggregatedConfigSource.getDefaultInstance())))
                        .build());
        plane.keep("wanted");
        try (var proxy = located("ads: {}, resource_api_version: V3")) {
            CompletableFuture<String> first = ask(proxy, "/");
            await().atMost(Duration.ofSeconds(20)).until(() -> proxy.stat("cluster_manager.warming_clusters") == 1);
            CompletableFuture<String> later = ask(proxy, "/");
            await().atMost(Duration.ofSeconds(20)).until(() -> proxy.stat("http.http.downstream_rq_active") == 2);

            plane.tell("wanted");
            plane.set(
                    "wanted",
                    Snapshots.endpoints("wanted", upstream.getAddress().getPort()));
            assertThat(first.get(20, TimeUnit.SECONDS)).isEqualTo("200 upstream");
            assertThat(later.get(20, TimeUnit.SECONDS)).isEqualTo("200 upstream");
            assertThat(subscribed()).containsExactly(SOME + "*");
        }
    }

    private List<String> subscribed() {
        return plane.subscribed(CLUSTERS);
    }

    private long asked() {
        return plane.deltaRequests.stream()
                .filter(request -> request.getTypeUrl().equals(CLUSTERS))
                .map(DeltaDiscoveryRequest::getResourceNamesSubscribeList)
                .filter(names -> names.contains("wanted"))
                .count();
    }
}
