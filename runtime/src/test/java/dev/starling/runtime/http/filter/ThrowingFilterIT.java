package dev.starling.runtime.http.filter;

import static dev.starling.runtime.control.Configs.cluster;
import static org.assertj.core.api.Assertions.assertThat;

import dev.starling.config.bootstrap.Bootstrap;
import dev.starling.config.proto.ExtensionCategory;
import dev.starling.config.proto.ExtensionRegistry;
import dev.starling.config.proto.UnknownFields;
import dev.starling.runtime.BuiltInExtensions;
import dev.starling.runtime.DynamicReading;
import dev.starling.runtime.Server;
import dev.starling.runtime.ServerOptions;
import dev.starling.runtime.control.Configs;
import dev.starling.runtime.http.RawClient;
import dev.starling.runtime.http.RawUpstream;
import dev.starling.runtime.network.LeakWatch;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A bug in a filter, among a hundred exchanges on one loop, costs the exchange that met it and no other. */
@Timeout(60)
class ThrowingFilterIT {

    private static final int EXCHANGES = 100;

    private static final List<String> ANSWERED = List.of(
            "maker",
            "request head",
            "request data",
            "request trailers",
            "resumed head",
            "task",
            "timer",
            "response head");
    private static final List<String> CUT = List.of("response data", "response trailers");
    private static final List<String> PLACES =
            List.of(String.join(",", ANSWERED), String.join(",", CUT), "end").stream()
                    .flatMap(some -> List.of(some.split(",")).stream())
                    .toList();

    private static final String BODY = "5\r\nhello\r\n0\r\nx-last: 1\r\n\r\n";
    private static final String REQUEST =
            "POST / HTTP/1.1\r\nHost: test\r\nx-throw-at: %s\r\nTransfer-Encoding: chunked\r\n\r\n" + BODY;
    private static final String TRAILERS = "0\r\nx-end: 1\r\n\r\n";

    @Test
    void failsItsOwnExchangeOnly() throws Exception {
        int reaching = (int) List.copyOf(places()).stream()
                .filter(place -> place.isEmpty() || place.startsWith("response") || place.equals("end"))
                .count();
        var together = new CountDownLatch(reaching);
        try (LeakWatch leaks = LeakWatch.start();
                var upstream = new RawUpstream(connection -> answer(connection, together));
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            ServerOptions options = ServerOptions.of(bootstrap(upstream.address()), extensions())
                    .withDynamic(new DynamicReading(() -> Configs.loader(extensions()), UnknownFields.REJECT));
            Server server = Server.create(options).start().toCompletableFuture().get(20, TimeUnit.SECONDS);
            InetSocketAddress address = (InetSocketAddress) server.views()
                    .listeners()
                    .views()
                    .getFirst()
                    .localAddresses()
                    .getFirst();

            List<Future<Map.Entry<String, String>>> outcomes = new ArrayList<>();
            for (String place : places()) {
                Callable<Map.Entry<String, String>> exchange = () -> Map.entry(place, outcome(address, place));
                outcomes.add(threads.submit(exchange));
            }
            Map<String, Integer> counts = new TreeMap<>();
            for (var outcome : outcomes) {
                var entry = outcome.get();
                counts.merge(entry.getKey() + ": " + entry.getValue(), 1, Integer::sum);
            }

            int each = EXCHANGES / 5 / PLACES.size() + (EXCHANGES / 5 % PLACES.size() == 0 ? 0 : 1);
            assertThat(counts.keySet()).containsExactlyInAnyOrderElementsOf(expected());
            assertThat(counts.get(": 200 and again")).isEqualTo(EXCHANGES - EXCHANGES / 5);
            assertThat(counts.get("request head: 500")).isEqualTo(each);
            var stats = server.proxy().stats().scope("");
            assertThat(stats.counter("starling.loop.flow_restarts").value()).isZero();
            assertThat(stats.counter("starling.loop.timer_failures").value()).isZero();
            assertThat(stats.counter("http.ingress.starling_exchange_failures").value())
                    .isEqualTo(EXCHANGES / 5);
            server.shutdown(Duration.ofSeconds(5)).toCompletableFuture().get(20, TimeUnit.SECONDS);
            assertThat(stats.gauge("http.ingress.downstream_rq_active").value()).isZero();
            assertThat(stats.gauge("cluster.up.upstream_rq_active").value()).isZero();
            assertThat(leaks.leaks()).isEmpty();
        }
    }

    /** Where each exchange meets the bug, if at all. */
    private static List<String> places() {
        List<String> places = new ArrayList<>();
        for (int i = 0; i < EXCHANGES; i++) {
            places.add(i % 5 == 0 ? PLACES.get(i / 5 % PLACES.size()) : "");
        }
        return places;
    }

    private static List<String> expected() {
        List<String> outcomes = new ArrayList<>(List.of(": 200 and again", "end: 200 and again"));
        ANSWERED.forEach(place -> outcomes.add(place + ": 500"));
        CUT.forEach(place -> outcomes.add(place + ": 200 cut"));
        return outcomes;
    }

    private static String outcome(InetSocketAddress address, String place) throws IOException {
        try (RawClient client = new RawClient(address)) {
            String status = client.send(REQUEST.formatted(place)).head().substring(9, 12);
            if (status.equals("500")) {
                return status;
            }
            try {
                client.readUntil(TRAILERS);
            } catch (IOException cut) {
                return status + " cut";
            }
            boolean again = client.send(REQUEST.formatted("")).head().contains(" 200 OK\r\n");
            client.readUntil(TRAILERS);
            return status + (again ? " and again" : " once");
        }
    }

    /** No exchange is answered before all are there. */
    private static void answer(RawUpstream.Connection connection, CountDownLatch together) throws IOException {
        while (connection.readHead() != null) {
            connection.readUntil("0\r\nx-last: 1\r\n\r\n");
            together.countDown();
            try {
                if (!together.await(20, TimeUnit.SECONDS)) {
                    throw new IOException("not all have come");
                }
            } catch (InterruptedException hurry) {
                return;
            }
            connection.write("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n3\r\none\r\n" + TRAILERS);
        }
    }

    private static ExtensionRegistry extensions() {
        return BuiltInExtensions.register(new ExtensionRegistry.Builder())
                .add(ExtensionCategory.HTTP_FILTER, new ThrowingFilter.Factory())
                .build();
    }

    private static Bootstrap bootstrap(InetSocketAddress endpoint) {
        String listener = """
              - name: in
                address: {socket_address: {address: 127.0.0.1, port_value: 0}}
                filter_chains:
                - filters:
                  - name: http
                    typed_config:
                      "@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
                      stat_prefix: ingress
                      http_protocol_options: {enable_trailers: true}
                      route_config:
                        virtual_hosts:
                        - {name: all, domains: ["*"], routes: [{match: {prefix: /}, route: {cluster: up}}]}
                      http_filters:
                      - {name: throwing, typed_config: {"@type": type.googleapis.com/google.protobuf.Empty}}
                      - name: router
                        typed_config:
                          "@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router
            """;
        String trailers = """
                typed_extension_protocol_options: {envoy.extensions.upstreams.http.v3.HttpProtocolOptions: {\
                "@type": type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions, \
                explicit_http_config: {http_protocol_options: {enable_trailers: true}}}}""";
        return Configs.bootstrap(extensions(), List.of(listener), List.of(cluster("up", trailers.strip(), endpoint)));
    }
}
