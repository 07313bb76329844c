package dev.starling.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.starling.config.proto.ConfigLoader;
import dev.starling.config.proto.ConfigReader;
import dev.starling.config.proto.ExtensionRegistry;
import dev.starling.config.proto.support.FieldSupport;
import dev.starling.launcher.training.Training;
import dev.starling.runtime.BuiltInExtensions;
import dev.starling.runtime.time.Clock;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** With real proxies, and few visits. */
class TrainingIT {

    private static final ExtensionRegistry EXTENSIONS =
            BuiltInExtensions.register(new ExtensionRegistry.Builder()).build();
    private static final ConfigLoader LOADER =
            new ConfigLoader(new ConfigReader(FieldSupport.builtIn(), Map.of()), EXTENSIONS);
    private static final Training.Visits FEW = new Training.Visits(2, 3, 4, 5);

    private final ServerStarter starter = new ServerStarter(EXTENSIONS, LOADER);
    private final List<Ending> started = new ArrayList<>();

    @Test
    void visitsEverySideOfTwoProxies() throws Exception {
        int code = runner((loaded, options, logging, bridges) -> {
                    var proxy = new Ending(starter.start(loaded, options, logging, bridges));
                    started.add(proxy);
                    return proxy;
                })
                .train(options(), FEW);

        assertThat(code).isZero();
        assertThat(started).hasSize(2);
        Ending visited = started.getLast();
        assertThat(visited.count("http.http.downstream_rq_completed")).isGreaterThanOrEqualTo(2 * 25 + 3 + 4 + 4 + 5);
        assertThat(visited.count("tcp.tcp.downstream_cx_total")).isEqualTo(2);
        assertThat(visited.count("cluster.http2.upstream_rq_completed")).isEqualTo(3);
        assertThat(visited.count("cluster.http2.upstream_cx_http2_total")).isEqualTo(1);
        assertThat(visited.count("cluster.handshakes.ssl.handshake")).isEqualTo(4);
        assertThat(visited.count("cluster.handshakes.ssl.session_reused")).isZero();
        assertThat(visited.count("cluster.resumed.ssl.session_reused")).isEqualTo(3);
        assertThat(visited.count("cluster.moving.upstream_cx_total"))
                .isBetween(5L, 6L); // where it began is asked, or not
        assertThat(started.getFirst().count("xds_relay.responses_refused")).isZero();
    }

    @Test
    void failsWhenAProxyDoesNotAnswer() {
        var nobody = new FakeProxy(new InetSocketAddress(InetAddress.getLoopbackAddress(), 1), Optional.empty());

        assertThatThrownBy(() ->
                        runner((loaded, options, logging, bridges) -> nobody).train(options(), FEW))
                .isInstanceOf(IOException.class);
        assertThat(nobody.graces).hasSize(2);
    }

    @Test
    void aMoveThatDoesNotShowIsNotWaitedForLong() throws IOException {
        var asked = new AtomicInteger();
        var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/moving", exchange -> {
            asked.incrementAndGet();
            exchange.sendResponseHeaders(200, 5);
            exchange.getResponseBody().write("finch".getBytes(StandardCharsets.US_ASCII));
            exchange.close();
        });
        server.start();
        var seconds = new AtomicInteger();
        var clock = new Clock(
                () -> TimeUnit.SECONDS.toNanos(seconds.getAndIncrement()), InstantSource.fixed(Instant.EPOCH));

        try (var training = Training.prepare(new Training.Visits(0, 0, 0, 3), clock)) {
            training.visit(_ -> server.getAddress(), Optional.empty());
        } finally {
            server.stop(0);
        }

        assertThat(asked).hasValue(11);
    }

    private static ProxyRunner runner(ProxyStarter starter) {
        return new ProxyRunner(new BootstrapLoader(LOADER), starter, System.out, System.err);
    }

    private static Options options() {
        return new CommandLineFixture().optionsOf("--aot-training", "-l", "error", "--concurrency", "1");
    }

    /** Takes its statistics before it ends. */
    private static final class Ending implements RunningProxy {

        private final RunningProxy proxy;
        private String stats = "";

        private Ending(RunningProxy proxy) {
            this.proxy = proxy;
        }

        private long count(String name) {
            var found = Pattern.compile(Pattern.quote(name) + ": (\\d+)").matcher(stats);
            assertThat(found.find()).as(name).isTrue();
            return Long.parseLong(found.group(1));
        }

        @Override
        public void stop(Duration grace) {
            var page = URI.create(
                    "http://127.0.0.1:" + adminAddress().orElseThrow().getPort() + "/stats");
            try (var client = HttpClient.newHttpClient()) {
                stats = client.send(
                                HttpRequest.newBuilder(page)
                                        .timeout(Duration.ofSeconds(10))
                                        .build(),
                                HttpResponse.BodyHandlers.ofString())
                        .body();
            } catch (IOException | InterruptedException e) {
                throw new AssertionError(e);
            } finally {
                proxy.stop(grace);
            }
        }

        @Override
        public Optional<InetSocketAddress> adminAddress() {
            return proxy.adminAddress();
        }

        @Override
        public InetSocketAddress listenerAddress(String listener) {
            return proxy.listenerAddress(listener);
        }

        @Override
        public CompletionStage<Void> ended() {
            return proxy.ended();
        }

        @Override
        public void reopenAccessLogs() throws IOException {
            proxy.reopenAccessLogs();
        }
    }
}
