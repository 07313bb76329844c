package dev.starling.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.LoggerContext;
import dev.starling.admin.AdminContext;
import dev.starling.config.proto.ConfigLoader;
import dev.starling.config.proto.ConfigReader;
import dev.starling.config.proto.ExtensionRegistry;
import dev.starling.config.proto.support.FieldSupport;
import dev.starling.launcher.demo.Demo;
import dev.starling.launcher.log.LogFormat;
import dev.starling.launcher.log.LogLevel;
import dev.starling.launcher.log.Logging;
import dev.starling.runtime.BuiltInExtensions;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The demo's proxy as its admin server tells of it. */
@Timeout(60)
final class AdminWiringIT {

    private static Demo demo;
    private static RunningProxy proxy;
    private static HttpClient client;

    @BeforeAll
    static void start() throws Exception {
        Options options = new CommandLineFixture().optionsOf("-c", "demo.yaml", "--concurrency", "1");
        ExtensionRegistry extensions =
                BuiltInExtensions.register(new ExtensionRegistry.Builder()).build();
        var resources = new ConfigLoader(new ConfigReader(FieldSupport.builtIn(), Map.of()), extensions);
        var loader = new BootstrapLoader(resources);
        var logging = Logging.start(
                new LoggerContext(),
                LogFormat.of(LogFormat.ENVOY, false),
                Optional.empty(),
                OutputStream.nullOutputStream(),
                LogLevel.INFO,
                Map.of());
        demo = Demo.start();
        proxy = new ServerStarter(extensions, resources)
                .start(loader.load(demo.bootstrap(0, 0), options), options, logging, new AdminContext.Bridges(true));
        client = HttpClient.newHttpClient();
    }

    @AfterAll
    static void stop() throws Exception {
        client.close();
        proxy.stop(Duration.ZERO);
        proxy.ended().toCompletableFuture().get(20, TimeUnit.SECONDS);
        demo.close();
    }

    private static HttpResponse<String> get(InetSocketAddress server, String path) throws Exception {
        URI uri = URI.create("http://127.0.0.1:" + server.getPort() + path);
        return client.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
    }

    private static HttpResponse<String> admin(String path) throws Exception {
        return get(proxy.adminAddress().orElseThrow(), path);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/actors                                | \"phase\": \"LIVE\"",
                "/actors                                | \"actor\": \"/user/clusters/birds/endpoints-1\"",
                "/actors/clusters                       | \"awaited\": []",
                "/actors/clusters/birds                 | \"discovery\": \"STATIC\"",
                "/actors/clusters/birds/endpoints       | \"hostname\": \"wren\"",
                "/actors/clusters/birds/outlier_detector| \"ejected\": []",
                "/actors/clusters/birds/circuit_breakers| \"resource\": \"pending requests\"",
                "/actors/clusters/birds/versions/0      | \"added_via_api\": false",
                "/actors/listeners                      | \"phase\": \"serving\"",
                "/actors/listeners/demo                 | \"phase\": \"active\"",
                "/actors/routes/demo                    | \"virtual_hosts\": ["
            })
    void tellsTheStateOfEachActor(String path, String state) throws Exception {
        HttpResponse<String> answer = admin(path);

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("content-type")).hasValue("application/json");
        assertThat(answer.body()).contains(state).doesNotContain("unanswered_after");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/actors/nobody",
                "/actors/clusters/nobody",
                "/actors/clusters/birds/nothing",
                "/actors/listeners/nobody",
                "/actors/routes/nobody"
            })
    void knowsWhoIsNotThere(String path) throws Exception {
        assertThat(admin(path).statusCode()).isEqualTo(404);
    }

    @Test
    void listensOnLoopbackOnly() {
        assertThat(proxy.adminAddress().orElseThrow().getAddress().isLoopbackAddress())
                .isTrue();
    }

    @Test
    void countsWhatWentThrough() throws Exception {
        String rq = "http.demo.downstream_rq_total: ";
        long before = number(admin("/stats?filter=demo.downstream_rq_total").body(), rq);
        get(proxy.listenerAddress(Demo.LISTENER), "/");

        assertThat(number(admin("/stats?filter=demo.downstream_rq_total").body(), rq))
                .isEqualTo(before + 1);
        assertThat(admin("/stats/kamon?usedonly").body())
                .contains("http_downstream_rq_total{envoy_http_conn_manager_prefix=\"demo\"}");
    }

    private static long number(String line, String name) {
        assertThat(line).startsWith(name);
        return Long.parseLong(line.substring(name.length()).strip());
    }

    @Test
    void waitsForNothingOnceItServes() throws Exception {
        assertThat(admin("/init_dump").body().strip()).isEqualTo("{}");
    }

    @Test
    void tellsItsCommandLineByEnvoysNames() throws Exception {
        assertThat(admin("/server_info").body())
                .contains("\"concurrency\": 1,\n  \"config_path\": \"demo.yaml\",\n  \"config_yaml\": \"\"")
                .contains("\"file_flush_interval\": \"10s\"")
                .contains("\"log_format\": \"" + LogFormat.ENVOY)
                .contains("\"drain_strategy\": \"Gradual\"");
    }
}
