package dev.starling.tests.xds;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.core.v3.ApiConfigSource.ApiType;
import io.envoyproxy.envoy.config.core.v3.Http2ProtocolOptions;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryRequest;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** java-control-plane's server and cache drive real traffic; what its own integration tests assert, and more. */
@Timeout(120)
class JavaControlPlaneIT {

    private static final Snapshots ADS = Snapshots.aggregated();

    private HttpServer upstream;
    private HttpServer other;

    @BeforeEach
    void start() throws Exception {
        upstream = Proxy.upstream("hello");
        other = Proxy.upstream("other");
    }

    @AfterEach
    void stop() {
        upstream.stop(0);
        other.stop(0);
    }

    private static int port(HttpServer server) {
        return server.getAddress().getPort();
    }

    private static void eventually(Runnable holds) {
        await().atMost(Duration.ofSeconds(15))
                .pollInterval(Duration.ofMillis(20))
                .untilAsserted(holds::run);
    }

    @ParameterizedTest
    @ValueSource(strings = {"GRPC", "DELTA_GRPC"})
    void anAggregatedStreamBringsAListenerItsRoutesAndTheirCluster(String apiType) throws Exception {
        try (var plane = Plane.start()) {
            plane.set(ADS.all("1", port(upstream)));
            try (var proxy = Proxy.aggregated(plane.port(), apiType).awaitStart()) {
                assertThat(proxy.get("in")).isEqualTo("200 hello");
                assertThat(proxy.stat("control_plane.connected_state")).isEqualTo(1);
                assertThat(proxy.stat("cluster_manager.cds.update_success")).isPositive();
                assertThat(proxy.stat("listener_manager.lds.update_success")).isPositive();
                assertThat(proxy.stat("http.http.rds.routes.update_success")).isPositive();
                assertThat(proxy.stat("cluster.upstream.update_success")).isPositive();
                assertThat(plane.streams).hasValue(1);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"GRPC", "DELTA_GRPC"})
    void streamsOfTheirOwnForEachTypeBringTheSame(String apiType) throws Exception {
        try (var plane = Plane.start()) {
            plane.set(Snapshots.separate(ApiType.valueOf(apiType)).all("1", port(upstream)));
            try (var proxy = Proxy.separate(plane.port(), apiType).awaitStart()) {
                assertThat(proxy.get("in")).isEqualTo("200 hello");
                assertThat(proxy.stat("cluster_manager.cds.control_plane.connected_state"))
                        .isEqualTo(1);
                assertThat(proxy.stat("listener_manager.lds.control_plane.connected_state"))
                        .isEqualTo(1);
            }
        }
    }

    @Test
    void eachDeltaResponseIsAcknowledgedOnceAndInOrder() throws Exception {
        try (var plane = Plane.start()) {
            plane.set(ADS.all("1", port(upstream)));
            try (var proxy = Proxy.aggregated(plane.port(), "DELTA_GRPC").awaitStart()) {
                assertThat(proxy.get("in")).isEqualTo("200 hello");
                eventually(() -> assertThat(plane.nonces()).isEqualTo("0123"));
                assertThat(plane.deltaRequests).noneMatch(request -> request.hasErrorDetail());

                int before = proxy.port("in").orElseThrow();
                plane.set(Snapshots.of(
                        "2",
                        List.of(ADS.cluster("upstream")),
                        List.of(Snapshots.endpoints("upstream", port(upstream))),
                        List.of(ADS.listener("renamed", before, "routes")),
                        List.of(Snapshots.routes("routes", "upstream"))));

                eventually(() -> assertThat(plane.nonces()).isEqualTo("01234"));
                eventually(() -> assertThat(proxy.get("renamed")).isEqualTo("200 hello"));
                assertThat(proxy.port("in")).isEmpty();
                assertThat(proxy.port("renamed")).contains(before);
            }
        }
    }

    @Test
    void aResponseToTheStateOfTheWorldIsAskedForWithAllNamesAtOnce() throws Exception {
        try (var plane = Plane.start()) {
            plane.set(Snapshots.of(
                    "1",
                    List.of(ADS.cluster("a"), ADS.cluster("b"), ADS.cluster("upstream")),
                    List.of(
                            Snapshots.endpoints("a"),
                            Snapshots.endpoints("b"),
                            Snapshots.endpoints("upstream", port(upstream))),
                    List.of(ADS.listener("in", 0, "routes")),
                    List.of(Snapshots.routes("routes", "upstream"))));
            try (var proxy = Proxy.aggregated(plane.port(), "GRPC").awaitStart()) {
                assertThat(proxy.get("in")).isEqualTo("200 hello");
                var endpoints = plane.requests.stream()
                        .filter(request -> request.getTypeUrl().endsWith("ClusterLoadAssignment"))
                        .toList();
                assertThat(endpoints)
                        .isNotEmpty()
                        .allSatisfy(request -> assertThat(request.getResourceNamesList())
                                .containsExactlyInAnyOrder("a", "b", "upstream"));
                assertThat(plane.requests)
                        .extracting(request -> request.getNode().getId())
                        .containsOnly("test-id");
                assertThat(plane.requests).noneMatch(DiscoveryRequest::hasErrorDetail);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"GRPC", "DELTA_GRPC"})
    void aChangeOfEndpointsAloneMovesTraffic(String apiType) throws Exception {
        try (var plane = Plane.start()) {
            plane.set(ADS.all("1", port(upstream)));
            try (var proxy = Proxy.aggregated(plane.port(), apiType).awaitStart()) {
                assertThat(proxy.get("in")).isEqualTo("200 hello");
                long modified = proxy.stat("cluster_manager.cluster_modified");

                plane.set(ADS.all("2", port(other)));

                eventually(() -> assertThat(proxy.get("in")).isEqualTo("200 other"));
                assertThat(proxy.stat("cluster_manager.cluster_modified")).isEqualTo(modified);
                assertThat(proxy.stat("listener_manager.listener_modified")).isLessThanOrEqualTo(0);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"GRPC", "DELTA_GRPC"})
    void routesFollowAndClustersComeAndGo(String apiType) throws Exception {
        try (var plane = Plane.start()) {
            plane.set(ADS.all("1", port(upstream)));
            try (var proxy = Proxy.aggregated(plane.port(), apiType).awaitStart()) {
                plane.set(Snapshots.of(
                        "2",
                        List.of(ADS.cluster("fresh")),
                        List.of(Snapshots.endpoints("fresh", port(other))),
                        List.of(ADS.listener("in", 0, "routes")),
                        List.of(Snapshots.routes("routes", "fresh"))));

                eventually(() -> assertThat(proxy.get("in")).isEqualTo("200 other"));
                eventually(() -> assertThat(proxy.server.views().clusters().snapshots())
                        .extracting(cluster -> cluster.name())
                        .containsExactly("fresh", "plane"));
            }
        }
    }

    @Test
    @SuppressWarnings("deprecation") // what java-control-plane's own test sets
    void aClusterThatSpeaksTheWrongProtocolHealsWhenItIsCorrected() throws Exception {
        try (var plane = Plane.start()) {
            Cluster wrong = ADS.cluster("upstream").toBuilder()
                    .setHttp2ProtocolOptions(Http2ProtocolOptions.getDefaultInstance())
                    .build();
            var endpoints = List.of(Snapshots.endpoints("upstream", port(upstream)));
            var listeners = List.of(ADS.listener("in", 0, "routes"));
            var routes = List.of(Snapshots.routes("routes", "upstream"));
            plane.set(Snapshots.of("1", List.of(wrong), endpoints, listeners, routes));
            try (var proxy = Proxy.aggregated(plane.port(), "GRPC").awaitStart()) {
                assertThat(proxy.get("in")).startsWith("502");

                plane.set(Snapshots.of("2", List.of(ADS.cluster("upstream")), endpoints, listeners, routes));

                eventually(() -> assertThat(proxy.get("in")).isEqualTo("200 hello"));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"GRPC", "DELTA_GRPC"})
    void aFirstStreamThatIsRefusedIsTriedAgain(String apiType) throws Exception {
        try (var plane = Plane.refusing(1)) {
            plane.set(ADS.all("1", port(upstream)));
            try (var proxy = Proxy.aggregated(plane.port(), apiType).awaitStart()) {
                assertThat(proxy.get("in")).isEqualTo("200 hello");
                assertThat(plane.streams).hasValue(2);
                assertThat(proxy.stat("cluster_manager.cds.update_failure")).isPositive();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"GRPC", "DELTA_GRPC"})
    void aBadResourceIsRefusedByNameAndTheGoodOnesAreTaken(String apiType) throws Exception {
        try (var plane = Plane.start()) {
            Cluster bad = ADS.cluster("bad").toBuilder()
                    .setConnectTimeout(com.google.protobuf.Duration.newBuilder().setSeconds(-1))
                    .build();
            plane.set(Snapshots.of(
                    "1",
                    List.of(bad, ADS.cluster("upstream")),
                    List.of(Snapshots.endpoints("bad"), Snapshots.endpoints("upstream", port(upstream))),
                    List.of(ADS.listener("in", 0, "routes")),
                    List.of(Snapshots.routes("routes", "upstream"))));
            try (var proxy = Proxy.aggregated(plane.port(), apiType).awaitStart()) {
                String refusal = apiType.equals("GRPC")
                        ? plane.requests.stream()
                                .filter(DiscoveryRequest::hasErrorDetail)
                                .map(request -> request.getErrorDetail().getMessage())
                                .findFirst()
                                .orElse("none")
                        : plane.deltaRequests.stream()
                                .filter(request -> request.hasErrorDetail())
                                .map(request -> request.getErrorDetail().getMessage())
                                .findFirst()
                                .orElse("none");
                assertThat(refusal).startsWith("Error adding/updating cluster(s) bad: connect_timeout: ");
                assertThat(proxy.stat("cluster_manager.cds.update_rejected")).isPositive();
                assertThat(proxy.server.views().clusters().snapshots())
                        .extracting(cluster -> cluster.name())
                        .contains("upstream")
                        .doesNotContain("bad");
            }
        }
    }

    @Test
    void waitsForItsControlPlaneBeforeItAccepts() throws Exception {
        try (var plane = Plane.start();
                var proxy = Proxy.aggregated(plane.port(), "GRPC")) {
            eventually(() -> assertThat(plane.requests).isNotEmpty());
            assertThat(proxy.isStarted()).isFalse();

            plane.set(ADS.all("1", port(upstream)));

            proxy.awaitStart();
            assertThat(proxy.get("in")).isEqualTo("200 hello");
        }
    }
}
