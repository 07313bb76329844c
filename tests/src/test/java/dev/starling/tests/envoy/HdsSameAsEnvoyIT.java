package dev.starling.tests.envoy;

import static dev.starling.tests.xds.HealthSpecifiers.cluster;
import static dev.starling.tests.xds.HealthSpecifiers.endpoint;
import static dev.starling.tests.xds.HealthSpecifiers.grpc;
import static dev.starling.tests.xds.HealthSpecifiers.http;
import static dev.starling.tests.xds.HealthSpecifiers.often;
import static dev.starling.tests.xds.HealthSpecifiers.once;
import static dev.starling.tests.xds.HealthSpecifiers.specifier;
import static dev.starling.tests.xds.HealthSpecifiers.struct;
import static dev.starling.tests.xds.HealthSpecifiers.tcp;
import static dev.starling.tests.xds.HealthSpecifiers.zone;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Any;
import com.google.protobuf.BoolValue;
import com.google.protobuf.util.Durations;
import dev.starling.tests.xds.CheckedEndpoints;
import dev.starling.tests.xds.HealthServer;
import dev.starling.tests.xds.HealthSpecifiers;
import io.envoyproxy.envoy.config.cluster.v3.Cluster.TransportSocketMatch;
import io.envoyproxy.envoy.config.core.v3.TransportSocket;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext;
import io.envoyproxy.envoy.service.health.v3.Capability.Protocol;
import io.envoyproxy.envoy.service.health.v3.ClusterHealthCheck;
import io.envoyproxy.envoy.service.health.v3.LocalityEndpoints;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A health discovery service has Starling and the real Envoy check the same endpoints, and is told the same by both. */
@Timeout(120)
class HdsSameAsEnvoyIT {

    private static final String ENVOY_GRPC = "{envoy_grpc: {cluster_name: hds}}";

    enum Which {
        STARLING,
        ENVOY
    }

    @TempDir
    Path folder;

    private CheckedEndpoints endpoints;
    private HealthServer server;

    @BeforeEach
    void start() throws Exception {
        endpoints = new CheckedEndpoints();
        server = HealthServer.start();
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
        endpoints.close();
    }

    private ProxyProcess proxy(Which which) throws Exception {
        return proxy(which, ENVOY_GRPC);
    }

    private ProxyProcess proxy(Which which, String service) throws Exception {
        String bootstrap = BothProxies.resource("hds-bootstrap.yaml")
                .replace("{service}", service)
                .replace("{hds}", Integer.toString(server.port()));
        var proxy = switch (which) {
            case STARLING -> ProxyProcess.starling(folder, bootstrap);
            case ENVOY -> ProxyProcess.envoy(EnvoyBinary.require(HdsSameAsEnvoyIT.class), folder, bootstrap);
        };
        awaitStreams(1);
        return proxy;
    }

    private void awaitStreams(int count) {
        await("stream " + count, () -> assertThat(server.requests()).hasSize(count));
    }

    private static void await(String what, Runnable holds) {
        Awaitility.await(what)
                .atMost(20, TimeUnit.SECONDS)
                .pollInterval(20, TimeUnit.MILLISECONDS)
                .untilAsserted(holds::run);
    }

    private void want(ClusterHealthCheck... clusters) {
        server.want(specifier(clusters));
    }

    private List<String> reports() {
        return server.reports().stream()
                .map(report -> endpoints.named(HealthSpecifiers.text(report)))
                .toList();
    }

    /** All reports from that one on, when the last of them says so. */
    private List<String> awaitReport(int from, String text) {
        await(
                "a report",
                () -> assertThat(reports().stream().skip(from).reduce("none", (_, next) -> next))
                        .isEqualTo(text));
        return reports().subList(from, reports().size());
    }

    private static long count(ProxyProcess proxy, String name) throws Exception {
        return proxy.stats().getOrDefault("hds_delegate." + name, 0L);
    }

    private static void awaitCount(ProxyProcess proxy, String name, long count) {
        Awaitility.await(name).atMost(20, TimeUnit.SECONDS).until(() -> count(proxy, name) == count);
    }

    @ParameterizedTest
    @EnumSource
    void saysWhoItIsAndReportsNothingUnasked(Which which) throws Exception {
        try (var proxy = proxy(which)) {
            var request = server.requests().getFirst();

            assertThat(request.getNode().getId()).isEqualTo("me");
            assertThat(request.getNode().getLocality().getZone()).isEqualTo("z");
            assertThat(request.getCapability().getHealthCheckProtocolsList())
                    .containsExactly(Protocol.HTTP, Protocol.TCP);
            assertThat(count(proxy, "responses")).isOne();
            assertThat(server.reports()).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource
    void reportsEachEndpointInItsClusterAndLocality(Which which) throws Exception {
        try (var proxy = proxy(which)) {
            want(
                    cluster(
                            "birds",
                            http(once().setTimeout(Durations.fromSeconds(2)), "/ok"),
                            zone("a", endpoints.http(), endpoints.refusing()),
                            zone("b", endpoints.silent())),
                    cluster("bad", http(once(), "/bad"), zone("", endpoints.http())),
                    ClusterHealthCheck.newBuilder()
                            .setClusterName("unchecked")
                            .addLocalityEndpoints(zone("q", endpoints.http()))
                            .build());

            var reports = awaitReport(
                    0,
                    "birds{r/a: http=HEALTHY refusing=UNHEALTHY; r/b: silent=TIMEOUT; } bad{r/: http=UNHEALTHY; } "
                            + "unchecked{r/q: http=UNHEALTHY; } "
                            + "| http=HEALTHY refusing=UNHEALTHY silent=TIMEOUT http=UNHEALTHY http=UNHEALTHY");
            assertThat(reports.getFirst()).contains("silent=UNHEALTHY"); // before its time is over
            assertThat(proxy.stats())
                    .containsEntry("hds_delegate.requests", 1L)
                    .containsEntry("hds_delegate.updates", 1L)
                    .doesNotContainKey("hds_delegate.errors")
                    .containsEntry("cluster.birds.health_check.attempt", 3L)
                    .containsEntry("cluster.birds.health_check.success", 1L)
                    .containsEntry("cluster.birds.health_check.failure", 2L)
                    .containsEntry("cluster.birds.health_check.network_failure", 2L)
                    .containsEntry("cluster.birds.health_check.healthy", 1L)
                    .containsEntry("cluster.bad.health_check.failure", 1L);
            assertThat(proxy.get("/clusters")).contains("hds::").doesNotContain("birds");
            assertThat(proxy.get("/config_dump")).contains("hds_config").doesNotContain("birds");
            assertThat(proxy.get("/config_dump?include_eds")).doesNotContain("birds");
        }
    }

    @ParameterizedTest
    @EnumSource
    void reportsWhatChanges(Which which) throws Exception {
        try (var proxy = proxy(which)) {
            want(cluster("birds", http(often(), "/ok"), zone("a", endpoints.http())));
            awaitReport(0, "birds{r/a: http=HEALTHY; } | http=HEALTHY");

            endpoints.set(500);
            awaitReport(0, "birds{r/a: http=UNHEALTHY; } | http=UNHEALTHY");
            endpoints.set(200);
            awaitReport(0, "birds{r/a: http=HEALTHY; } | http=HEALTHY");

            assertThat(count(proxy, "updates")).isOne();
        }
    }

    @ParameterizedTest
    @EnumSource
    void whatStaysIsNotCheckedAnewWhenOthersComeAndGo(Which which) throws Exception {
        try (var proxy = proxy(which)) {
            LocalityEndpoints first = zone("a", endpoints.http());
            ClusterHealthCheck stays = cluster("stays", http(once(), "/stays"), first);
            want(
                    stays,
                    cluster("grows", http(once(), "/grows"), first),
                    cluster("asks", http(once(), "/asks"), first),
                    cluster("goes", http(once(), "/goes"), first));
            awaitReport(
                    0,
                    "stays{r/a: http=HEALTHY; } grows{r/a: http=HEALTHY; } asks{r/a: http=HEALTHY; } "
                            + "goes{r/a: http=HEALTHY; } | http=HEALTHY http=HEALTHY http=HEALTHY http=HEALTHY");
            int before = server.reports().size();

            want(
                    cluster("comes", http(once(), "/comes"), first),
                    cluster("grows", http(once(), "/grows"), zone("a", endpoints.http(), endpoints.refusing())),
                    cluster("asks", http(once(), "/bad"), first),
                    stays);

            var reports = awaitReport(
                    before,
                    "comes{r/a: http=HEALTHY; } grows{r/a: http=HEALTHY refusing=UNHEALTHY; } "
                            + "asks{r/a: http=UNHEALTHY; } stays{r/a: http=HEALTHY; } "
                            + "| http=HEALTHY http=HEALTHY refusing=UNHEALTHY http=UNHEALTHY http=HEALTHY");
            assertThat(reports).allMatch(report -> report.contains("stays{r/a: http=HEALTHY; }"));
            assertThat(reports).allMatch(report -> report.contains("grows{r/a: http=HEALTHY"));
            assertThat(List.of("/stays", "/grows", "/asks", "/goes", "/comes", "/bad"))
                    .extracting(endpoints::asked)
                    .containsOnly(1);
            assertThat(count(proxy, "updates")).isEqualTo(2);
            int afterwards = server.reports().size();
            want();
            awaitReport(afterwards, "|");
        }
    }

    @ParameterizedTest
    @EnumSource
    void whatIsSaidTwiceIsTakenOnce(Which which) throws Exception {
        try (var proxy = proxy(which)) {
            ClusterHealthCheck birds = cluster("birds", http(once(), "/ok"), zone("a", endpoints.http()));
            ClusterHealthCheck twin = cluster("birds", http(once(), "/bad"), zone("b", endpoints.refusing()));
            ClusterHealthCheck unnamed = cluster("", http(once(), "/unnamed"), zone("a", endpoints.http()));
            want(birds, twin, unnamed, unnamed);
            awaitReport(
                    0,
                    "birds{r/a: http=HEALTHY; } {r/a: http=HEALTHY; } {r/a: http=HEALTHY; } "
                            + "| http=HEALTHY http=HEALTHY http=HEALTHY");

            want(birds, twin, unnamed, unnamed);
            awaitCount(proxy, "requests", 2);
            assertThat(count(proxy, "updates")).isOne();
            assertThat(count(proxy, "errors")).isZero();

            // One without a name is not known again.
            int before = server.reports().size();
            want(birds, unnamed);
            awaitReport(before, "birds{r/a: http=HEALTHY; } {r/a: http=HEALTHY; } | http=HEALTHY http=HEALTHY");
            assertThat(endpoints.asked("/ok")).isOne();
            assertThat(endpoints.asked("/bad")).isZero();
            assertThat(endpoints.asked("/unnamed")).isEqualTo(3);
        }
    }

    @ParameterizedTest
    @EnumSource
    void whatIsWrongIsRefusedAndWhatWasThereGoesOn(Which which) throws Exception {
        try (var proxy = proxy(which)) {
            want(cluster("birds", http(once(), "/ok"), zone("a", endpoints.http())));
            awaitReport(0, "birds{r/a: http=HEALTHY; } | http=HEALTHY");

            want(cluster("birds", once().build(), zone("a", endpoints.refusing())));
            awaitCount(proxy, "errors", 1);
            want(cluster("birds", http(once().clearTimeout(), "/ok"), zone("a", endpoints.refusing())));
            awaitCount(proxy, "errors", 2);
            int before = server.reports().size();
            await("reports", () -> assertThat(server.reports()).hasSizeGreaterThan(before + 2));

            assertThat(reports().subList(before, before + 2)).containsOnly("birds{r/a: http=HEALTHY; } | http=HEALTHY");
            assertThat(count(proxy, "requests")).isEqualTo(3);
            assertThat(count(proxy, "updates")).isOne();
            assertThat(endpoints.asked("/ok")).isOne();
            assertThat(server.requests()).hasSize(1); // on the same stream
        }
    }

    @ParameterizedTest
    @EnumSource
    void endpointsThatAreNotToBeCheckedAreNotReported(Which which) throws Exception {
        var off = endpoint("127.0.0.1", endpoints.refusing());
        off.getHealthCheckConfigBuilder().setDisableActiveHealthCheck(true);
        var elsewhere = endpoint("127.0.0.1", endpoints.refusing());
        elsewhere.getHealthCheckConfigBuilder().setPortValue(endpoints.http());
        var there =
                zone("a").toBuilder().addEndpoints(off).addEndpoints(elsewhere).build();
        try (var _ = proxy(which)) {
            want(cluster("birds", http(once(), "/ok"), there));

            awaitReport(0, "birds{r/a: refusing=HEALTHY; } | refusing=HEALTHY");
        }
    }

    @ParameterizedTest
    @EnumSource
    void checksOverTcp(Which which) throws Exception {
        LocalityEndpoints there = zone("a", endpoints.greeting(), endpoints.refusing());
        var patience = once().setTimeout(Durations.fromSeconds(2));
        try (var _ = proxy(which)) {
            want(
                    cluster("connects", tcp(once(), ""), there),
                    cluster("speaks", tcp(once(), "68690a", "6869", "6f6b"), there),
                    cluster("wrong", tcp(patience, "68690a", "6f6b", "6869"), zone("a", endpoints.greeting())),
                    cluster("closed", tcp(once(), "6279650a", "6f6b"), zone("a", endpoints.greeting())));

            awaitReport(
                    0,
                    "connects{r/a: greeting=HEALTHY refusing=UNHEALTHY; } "
                            + "speaks{r/a: greeting=HEALTHY refusing=UNHEALTHY; } "
                            + "wrong{r/a: greeting=TIMEOUT; } closed{r/a: greeting=UNHEALTHY; } "
                            + "| greeting=HEALTHY refusing=UNHEALTHY greeting=HEALTHY refusing=UNHEALTHY "
                            + "greeting=TIMEOUT greeting=UNHEALTHY");
        }
    }

    @ParameterizedTest
    @EnumSource
    void aConnectionOfTcpIsKeptOrNotAsTheCheckSays(Which which) throws Exception {
        try (var _ = proxy(which)) {
            want(cluster("kept", tcp(often(), "68690a", "6869"), zone("a", endpoints.greeting())));
            await("greetings", () -> assertThat(endpoints.greeted()).isGreaterThan(3));
            assertThat(endpoints.met()).isOne();

            var anew = often().setReuseConnection(BoolValue.of(false));
            want(cluster("anew", tcp(anew, "68690a", "6869"), zone("a", endpoints.greeting())));
            await("connections", () -> assertThat(endpoints.met()).isGreaterThan(3));
            awaitReport(0, "anew{r/a: greeting=HEALTHY; } | greeting=HEALTHY");
        }
    }

    @ParameterizedTest
    @EnumSource
    void checksOverGrpc(Which which) throws Exception {
        try (var _ = proxy(which)) {
            want(
                    cluster("wren", grpc(once(), "wren"), zone("a", endpoints.grpc(), endpoints.refusing())),
                    cluster("dodo", grpc(once(), "dodo"), zone("a", endpoints.grpc())));

            awaitReport(
                    0,
                    "wren{r/a: grpc=HEALTHY refusing=UNHEALTHY; } dodo{r/a: grpc=UNHEALTHY; } "
                            + "| grpc=HEALTHY refusing=UNHEALTHY grpc=UNHEALTHY");
        }
    }

    @ParameterizedTest
    @EnumSource
    void checksThroughTheTransportSocketThatTheCheckNames(Which which) throws Exception {
        var tls = TransportSocketMatch.newBuilder()
                .setName("tls")
                .setMatch(struct("over", "tls"))
                .setTransportSocket(TransportSocket.newBuilder()
                        .setName("envoy.transport_sockets.tls")
                        .setTypedConfig(Any.pack(UpstreamTlsContext.getDefaultInstance())))
                .build();
        var over = often().setTransportSocketMatchCriteria(struct("over", "tls"));
        LocalityEndpoints there = zone("a", endpoints.https());
        try (var _ = proxy(which)) {
            ClusterHealthCheck secured = cluster("secured", http(over, "/ok"), there).toBuilder()
                    .addTransportSocketMatches(tls)
                    .build();
            ClusterHealthCheck clear = cluster("clear", http(often(), "/ok"), there).toBuilder()
                    .addTransportSocketMatches(tls)
                    .build();
            want(secured, clear);
            awaitReport(
                    0, "secured{r/a: https=HEALTHY; } clear{r/a: https=UNHEALTHY; } | https=HEALTHY https=UNHEALTHY");

            // Without a socket that matches it is spoken to in clear again.
            want(secured.toBuilder().clearTransportSocketMatches().build());
            awaitReport(0, "secured{r/a: https=UNHEALTHY; } | https=UNHEALTHY");
        }
    }

    @ParameterizedTest
    @EnumSource
    void comesBackToAServerThatRestartsAndHasCheckedOnMeanwhile(Which which) throws Exception {
        ClusterHealthCheck birds = cluster("birds", http(once(), "/ok"), zone("a", endpoints.http()));
        ClusterHealthCheck watched = cluster("watched", http(often(), "/watched"), zone("a", endpoints.http()));
        try (var proxy = proxy(which)) {
            want(birds, watched);
            awaitReport(0, "birds{r/a: http=HEALTHY; } watched{r/a: http=HEALTHY; } | http=HEALTHY http=HEALTHY");

            int port = server.port();
            server.close();
            endpoints.set(500);
            int asked = endpoints.asked("/watched");
            await("checks", () -> assertThat(endpoints.asked("/watched")).isGreaterThan(asked + 2));
            server = HealthServer.at(port);
            awaitStreams(1);
            assertThat(server.reports()).isEmpty();
            want(birds, watched);

            var reports = awaitReport(
                    0, "birds{r/a: http=HEALTHY; } watched{r/a: http=UNHEALTHY; } | http=HEALTHY http=UNHEALTHY");
            assertThat(reports).hasSize(1);
            assertThat(endpoints.asked("/ok")).isOne();
            assertThat(count(proxy, "updates")).isEqualTo(2);
            assertThat(count(proxy, "errors")).isPositive();
        }
    }

    @ParameterizedTest
    @EnumSource
    void isReachedByAChannelOfItsOwnToo(Which which) throws Exception {
        try (var _ = proxy(
                which, "{google_grpc: {target_uri: \"127.0.0.1:%d\", stat_prefix: x}}".formatted(server.port()))) {
            want(cluster("birds", http(once(), "/ok"), zone("a", endpoints.http())));

            awaitReport(0, "birds{r/a: http=HEALTHY; } | http=HEALTHY");
        }
    }

    @ParameterizedTest
    @EnumSource
    void aReportComesEachSecondUnlessSaidOtherwise(Which which) throws Exception {
        try (var _ = proxy(which)) {
            var birds = cluster("birds", http(once(), "/ok"), zone("a", endpoints.http()));
            server.want(specifier(birds).toBuilder().clearInterval().build());
            await("a report", () -> assertThat(server.reports()).hasSize(1));

            // One that is due in an hour takes the place of the next.
            server.want(specifier(birds).toBuilder()
                    .setInterval(Durations.fromHours(1))
                    .build());
            want(birds);
            int before = server.reports().size();
            await("reports", () -> assertThat(server.reports()).hasSizeGreaterThan(before + 3));
        }
    }
}
