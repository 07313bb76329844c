package dev.starling.tests.envoy;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.util.Durations;
import com.sun.net.httpserver.HttpServer;
import dev.starling.tests.xds.LoadServer;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterStats;
import io.envoyproxy.envoy.service.load_stats.v3.LoadStatsResponse;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Starling tells a load reporting service what it was asked for, and the real Envoy the same. */
@Timeout(120)
class LoadReportsIT {

    private static final LoadStatsResponse WANTED = LoadStatsResponse.newBuilder()
            .addAllClusters(List.of("web", "pair", "idle", "none"))
            .setLoadReportingInterval(Durations.fromMillis(300))
            .build();

    @TempDir
    Path folder;

    private HttpServer upstream;
    private HttpServer second;
    private LoadServer server;

    @BeforeEach
    void start() throws IOException {
        upstream = upstream();
        second = upstream();
        server = LoadServer.start(WANTED);
    }

    @AfterEach
    void stop() {
        upstream.stop(0);
        second.stop(0);
        server.close();
    }

    private static HttpServer upstream() throws IOException {
        var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            exchange.sendResponseHeaders(exchange.getRequestURI().getPath().endsWith("bad") ? 503 : 200, -1);
            exchange.close();
        });
        server.start();
        return server;
    }

    private String bootstrap() throws IOException {
        return BothProxies.resource("load-bootstrap.yaml")
                .replace("{upstream}", Integer.toString(upstream.getAddress().getPort()))
                .replace("{second}", Integer.toString(second.getAddress().getPort()))
                .replace("{load}", Integer.toString(server.port()));
    }

    @Test
    void starlingTellsWhatWentWhere() throws Exception {
        try (var proxy = ProxyProcess.starling(folder, bootstrap())) {
            assertTells(proxy);
        }
    }

    @Test
    void envoyTellsTheSame() throws Exception {
        Path envoy = EnvoyBinary.require(LoadReportsIT.class);
        try (var proxy = ProxyProcess.envoy(envoy, folder, bootstrap())) {
            assertTells(proxy);
        }
    }

    private void assertTells(ProxyProcess proxy) throws Exception {
        await("the first report", () -> assertThat(server.reports()).hasSizeGreaterThan(1));
        assertThat(server.reports().getFirst().getNode().getClientFeaturesList())
                .contains("envoy.lrs.supports_send_all_clusters");
        assertThat(server.reports().getFirst().getClusterStatsList()).isEmpty();

        for (int i = 0; i < 10; i++) {
            get(proxy, "/web");
            get(proxy, "/pair");
        }
        get(proxy, "/bad");

        await(
                "all of it",
                () -> assertThat(server.totals())
                        .isEqualTo(Map.of(
                                "web  0 here", List.of(11L, 10L, 1L),
                                "pair  0 here", List.of(5L, 5L, 0L),
                                "pair  0 there", List.of(5L, 5L, 0L))));
        assertThat(server.reports().getLast().getClusterStatsList())
                .extracting(ClusterStats::getClusterName)
                .containsExactlyInAnyOrder("web", "pair", "idle");
        assertThat(proxy.stats())
                .containsEntry("load_reporter.requests", 1L)
                .hasEntrySatisfying(
                        "load_reporter.responses", count -> assertThat(count).isGreaterThan(1));
    }

    private static void await(String what, Runnable holds) {
        Awaitility.await(what)
                .atMost(20, TimeUnit.SECONDS)
                .pollInterval(50, TimeUnit.MILLISECONDS)
                .untilAsserted(holds::run);
    }

    private static void get(ProxyProcess proxy, String path) throws Exception {
        InetSocketAddress address = proxy.listener("http");
        try (var client = HttpClient.newHttpClient()) {
            client.send(
                    HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + address.getPort() + path))
                            .build(),
                    BodyHandlers.discarding());
        }
    }
}
