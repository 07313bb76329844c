package dev.starling.tests.xds;

import com.sun.net.httpserver.HttpServer;
import dev.starling.config.InvalidConfigException;
import dev.starling.config.proto.ConfigLoader;
import dev.starling.config.proto.ConfigReader;
import dev.starling.config.proto.ExtensionRegistry;
import dev.starling.config.proto.NodeOverrides;
import dev.starling.config.proto.UnknownFields;
import dev.starling.config.proto.source.ConfigText;
import dev.starling.config.proto.support.FieldSupport;
import dev.starling.runtime.BuiltInExtensions;
import dev.starling.runtime.Server;
import dev.starling.runtime.ServerOptions;
import dev.starling.runtime.stats.Counter;
import dev.starling.runtime.stats.Gauge;
import dev.starling.runtime.stats.StatsStore;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A server that is driven by a control plane, in this process. */
final class Proxy implements AutoCloseable {

    private static final ExtensionRegistry EXTENSIONS =
            BuiltInExtensions.register(new ExtensionRegistry.Builder()).build();

    final Server server;
    private final CompletableFuture<Server> started;
    private final HttpClient client = HttpClient.newHttpClient();

    private Proxy(Server server) {
        this.server = server;
        this.started = server.start().toCompletableFuture();
    }

    static Proxy of(String bootstrap) throws InvalidConfigException {
        var loaded = new ConfigLoader(new ConfigReader(FieldSupport.builtIn(), Map.of()), EXTENSIONS)
                .load(List.of(ConfigText.yaml("test.yaml", bootstrap)), UnknownFields.REJECT, NodeOverrides.NONE);
        return new Proxy(Server.create(ServerOptions.of(loaded.bootstrap(), EXTENSIONS)));
    }

    /** @param apiType {@code GRPC} or {@code DELTA_GRPC} */
    static Proxy aggregated(int planePort, String apiType) throws InvalidConfigException {
        return aggregated(apiType, "15s", plane(planePort));
    }

    /** @param plane a bootstrap's node and clusters, the control plane's among them */
    static Proxy aggregated(String apiType, String initialFetchTimeout, String plane) throws InvalidConfigException {
        return of(ads(apiType) + """
                  cds_config: {ads: {}, resource_api_version: V3, initial_fetch_timeout: %s}
                  lds_config: {ads: {}, resource_api_version: V3, initial_fetch_timeout: %s}
                """.formatted(initialFetchTimeout, initialFetchTimeout) + plane);
    }

    /** Of a bootstrap: an aggregated stream, by which nothing is asked for yet. */
    static String ads(String apiType) {
        return """
                dynamic_resources:
                  ads_config:
                    api_type: %s
                    transport_api_version: V3
                    grpc_services: [{envoy_grpc: {cluster_name: plane}}]
                """.formatted(apiType);
    }

    /**
     * What may follow a bootstrap's clusters: one listener of HTTP.
     *
     * @param manager further fields of its connection manager, its filters among them
     */
    static String listener(String name, String manager) {
        return """
              listeners:
              - name: %s
                address: {socket_address: {address: 127.0.0.1, port_value: 0}}
                filter_chains:
                - filters:
                  - name: http
                    typed_config:
                      "@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
                      stat_prefix: http
            """.formatted(name) + manager.indent(10);
    }

    static Proxy separate(int planePort, String apiType) throws InvalidConfigException {
        String api = """
                  %s:
                    api_config_source:
                      api_type: %s
                      transport_api_version: V3
                      grpc_services: [{envoy_grpc: {cluster_name: plane}}]
                    resource_api_version: V3
                """;
        return of("dynamic_resources:\n" + api.formatted("cds_config", apiType) + api.formatted("lds_config", apiType)
                + plane(planePort));
    }

    static String plane(int port) {
        return plane(endpoint(port));
    }

    static String endpoint(int port) {
        return "{socket_address: {address: 127.0.0.1, port_value: " + port + "}}";
    }

    /** A control plane at these addresses, all of one cluster. */
    static String plane(String... addresses) {
        return """
                node: {id: test-id, cluster: test-cluster}
                static_resources:
                  clusters:
                  - name: plane
                    connect_timeout: 1s
                    typed_extension_protocol_options:
                      envoy.extensions.upstreams.http.v3.HttpProtocolOptions:
                        "@type": type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions
                        explicit_http_config: {http2_protocol_options: {}}
                    load_assignment:
                      cluster_name: other
                      endpoints:
                      - lb_endpoints:
                """
                + Stream.of(addresses)
                        .map(address -> "        - endpoint: {address: " + address + "}\n")
                        .collect(Collectors.joining());
    }

    Proxy awaitStart() throws Exception {
        started.get(30, TimeUnit.SECONDS);
        return this;
    }

    boolean isStarted() {
        return started.isDone();
    }

    Optional<Integer> port(String listener) {
        return server.views().listeners().views().stream()
                .filter(view -> view.name().equals(listener))
                .map(view -> ((InetSocketAddress) view.localAddresses().getFirst()).getPort())
                .findFirst();
    }

    /** Status and body, or why there is none. */
    String get(String listener) {
        return get(listener, "/");
    }

    String get(String listener, String path) {
        Optional<Integer> port = port(listener);
        if (port.isEmpty()) {
            return "no listener";
        }
        try {
            var response = client.send(
                    HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port.get() + path))
                            .timeout(Duration.ofSeconds(10))
                            .build(),
                    BodyHandlers.ofString());
            return response.statusCode() + " " + response.body();
        } catch (IOException e) {
            return e.toString();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** As {@code /stats} has it; -1 if there is none. */
    long stat(String name) {
        StatsStore stats = server.views().stats();
        return stats.counters().stream()
                .filter(counter -> counter.name().equals(name))
                .mapToLong(Counter::value)
                .findFirst()
                .orElseGet(() -> stats.gauges().stream()
                        .filter(gauge -> gauge.name().equals(name))
                        .mapToLong(Gauge::value)
                        .findFirst()
                        .orElse(-1));
    }

    @Override
    public void close() {
        client.close();
        server.shutdown(Duration.ZERO)
                .toCompletableFuture()
                .orTimeout(30, TimeUnit.SECONDS)
                .join();
    }

    /** An upstream that always says the same. */
    static HttpServer upstream(String says) throws IOException {
        var upstream = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        byte[] body = says.getBytes(StandardCharsets.UTF_8);
        upstream.createContext("/", exchange -> {
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        upstream.start();
        return upstream;
    }
}
