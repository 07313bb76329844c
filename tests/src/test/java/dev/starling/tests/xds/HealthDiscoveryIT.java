package dev.starling.tests.xds;

import static dev.starling.tests.xds.HealthSpecifiers.cluster;
import static dev.starling.tests.xds.HealthSpecifiers.endpoint;
import static dev.starling.tests.xds.HealthSpecifiers.http;
import static dev.starling.tests.xds.HealthSpecifiers.often;
import static dev.starling.tests.xds.HealthSpecifiers.once;
import static dev.starling.tests.xds.HealthSpecifiers.specifier;
import static dev.starling.tests.xds.HealthSpecifiers.zone;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.envoyproxy.envoy.config.core.v3.HealthStatus;
import io.envoyproxy.envoy.service.health.v3.EndpointHealth;
import io.envoyproxy.envoy.service.health.v3.EndpointHealthResponse;
import io.envoyproxy.envoy.service.health.v3.LocalityEndpoints;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A health discovery service that asks for too much, or says it wrong; what Envoy does alike is in {@code HdsSameAsEnvoyIT}. */
@Timeout(120)
class HealthDiscoveryIT {

    private static final int MANY = 1000;

    private CheckedEndpoints endpoints;

    @BeforeEach
    void start() throws Exception {
        endpoints = new CheckedEndpoints();
    }

    @AfterEach
    void stop() throws Exception {
        endpoints.close();
    }

    private static Proxy proxy(HealthServer server, String more) throws Exception {
        var proxy = Proxy.of("""
                hds_config:
                  api_type: GRPC
                  transport_api_version: V3
                  grpc_services: [{envoy_grpc: {cluster_name: plane%s}}]
                """.formatted(more) + Proxy.plane(server.port())).awaitStart();
        awaitStreams(server, 1);
        return proxy;
    }

    private static void awaitStreams(HealthServer server, int count) {
        await("stream " + count, () -> assertThat(server.requests()).hasSize(count));
    }

    private static void await(String what, Runnable holds) {
        Awaitility.await(what)
                .atMost(30, TimeUnit.SECONDS)
                .pollInterval(20, TimeUnit.MILLISECONDS)
                .untilAsserted(holds::run);
    }

    private void awaitReport(HealthServer server, String text) {
        await("a report", () -> {
            assertThat(server.reports()).isNotEmpty();
            assertThat(endpoints.named(HealthSpecifiers.text(server.reports().getLast())))
                    .isEqualTo(text);
        });
    }

    @Test
    void aNameForAnAddressIsRefused() throws Exception {
        try (var server = HealthServer.start();
                var proxy = proxy(server, "")) {
            server.want(specifier(cluster("birds", http(once(), "/ok"), zone("a", endpoints.http()))));
            awaitReport(server, "birds{r/a: http=HEALTHY; } | http=HEALTHY");

            server.want(specifier(cluster(
                    "birds",
                    http(once(), "/ok"),
                    LocalityEndpoints.newBuilder()
                            .addEndpoints(endpoint("localhost", endpoints.http()))
                            .build())));

            await("refused", () -> assertThat(proxy.stat("hds_delegate.errors")).isOne());
            assertThat(proxy.stat("hds_delegate.updates")).isOne();
            int before = server.reports().size();
            await("a report", () -> assertThat(server.reports()).hasSizeGreaterThan(before));
            awaitReport(server, "birds{r/a: http=HEALTHY; } | http=HEALTHY");
        }
    }

    @Test
    void aSpecifierThatIsTooLargeEndsTheStreamOnly() throws Exception {
        try (var server = HealthServer.start();
                var proxy = proxy(server, ", max_receive_message_length: 10000")) {
            var birds = cluster("birds", http(once(), "/ok"), zone("a", endpoints.http()));
            server.want(specifier(birds));
            awaitReport(server, "birds{r/a: http=HEALTHY; } | http=HEALTHY");

            server.want(specifier(cluster("x".repeat(10_000), http(once(), "/x"), zone("a", endpoints.http()))));

            awaitStreams(server, 2);
            assertThat(proxy.stat("hds_delegate.errors")).isOne();
            int before = server.reports().size();
            server.want(specifier(birds));
            await("a report", () -> assertThat(server.reports()).hasSizeGreaterThan(before));
            awaitReport(server, "birds{r/a: http=HEALTHY; } | http=HEALTHY");
            assertThat(endpoints.asked("/ok")).isOne();
            assertThat(endpoints.asked("/x")).isZero();
        }
    }

    @Test
    void aServerThatDoesNotReadIsToldTheLatestWhenItDoes() throws Exception {
        int[] refusing = new int[2000];
        Arrays.fill(refusing, endpoints.refusing());
        try (var server = HealthServer.notReading();
                var _ = proxy(server, "")) {
            server.want(specifier(
                    cluster("clock", http(often(), "/clock"), zone("a", endpoints.http())),
                    cluster("bulk", http(once(), "/bulk"), zone("b", refusing))));
            // Long enough for as many reports as checks: 150 KB each.
            await("time", () -> assertThat(endpoints.asked("/clock")).isGreaterThan(60));
            endpoints.set(500);
            int asked = endpoints.asked("/clock");
            await("checks", () -> assertThat(endpoints.asked("/clock")).isGreaterThan(asked + 2));

            server.read(1000);

            await(
                    "the latest",
                    () -> assertThat(server.reports())
                            .isNotEmpty()
                            .last()
                            .satisfies(report ->
                                    assertThat(healths(report).getFirst()).isEqualTo(HealthStatus.UNHEALTHY)));
            long stale = server.reports().stream()
                    .filter(report -> healths(report).getFirst() == HealthStatus.HEALTHY)
                    .count();
            assertThat(stale).as("reports that had piled up").isLessThan(30);
        }
    }

    private static List<HealthStatus> healths(EndpointHealthResponse report) {
        return report.getClusterEndpointsHealthList().stream()
                .flatMap(cluster -> cluster.getLocalityEndpointsHealthList().stream())
                .flatMap(locality -> locality.getEndpointsHealthList().stream())
                .map(EndpointHealth::getHealthStatus)
                .toList();
    }

    @Test
    void manyAreCheckedAndGoneAgain() throws Exception {
        var wide = HttpServer.create(new InetSocketAddress(0), MANY);
        wide.createContext("/", exchange -> {
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        wide.start();
        var locality = LocalityEndpoints.newBuilder();
        for (int i = 0; i < MANY; i++) {
            locality.addEndpoints(endpoint(
                    "127.0." + i / 250 + "." + (i % 250 + 1), wide.getAddress().getPort()));
        }
        try (var server = HealthServer.start();
                var proxy = proxy(server, "")) {
            server.want(specifier(cluster("many", http(once(), "/"), locality.build())));
            await(
                    "all healthy",
                    () -> assertThat(server.reports())
                            .isNotEmpty()
                            .last()
                            .satisfies(report ->
                                    assertThat(healths(report)).hasSize(MANY).containsOnly(HealthStatus.HEALTHY)));
            await(
                    "all counted",
                    () -> assertThat(proxy.stat("cluster.many.health_check.healthy"))
                            .isEqualTo(MANY));

            server.want(specifier());

            await(
                    "nothing is left",
                    () -> assertThat(proxy.stat("cluster.many.health_check.healthy"))
                            .isEqualTo(-1));
            awaitReport(server, "|");
        } finally {
            wide.stop(0);
        }
    }

    @Test
    void ofSeveralChecksAllMustPass() throws Exception {
        try (var server = HealthServer.start();
                var _ = proxy(server, "")) {
            var birds = cluster("birds", http(often(), "/ok"), zone("a", endpoints.http()));
            server.want(specifier(
                    birds.toBuilder().addHealthChecks(http(often(), "/bad")).build()));
            await("checks", () -> assertThat(endpoints.asked("/bad")).isGreaterThan(3));
            await("checks", () -> assertThat(endpoints.asked("/ok")).isGreaterThan(3));
            assertThat(server.reports())
                    .allSatisfy(report -> assertThat(healths(report)).containsExactly(HealthStatus.UNHEALTHY));

            server.want(specifier(
                    birds.toBuilder().addHealthChecks(http(often(), "/other")).build()));

            awaitReport(server, "birds{r/a: http=HEALTHY; } | http=HEALTHY");
        }
    }
}
