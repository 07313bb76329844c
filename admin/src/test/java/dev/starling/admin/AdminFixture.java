package dev.starling.admin;

import dev.starling.config.Address;
import dev.starling.config.bootstrap.Admin;
import dev.starling.config.cluster.Cluster;
import dev.starling.config.endpoint.EndpointConfig;
import dev.starling.config.endpoint.LocalityEndpoints;
import dev.starling.config.proto.ConfigLoader;
import dev.starling.config.proto.ConfigReader;
import dev.starling.config.proto.ExtensionRegistry;
import dev.starling.config.proto.LoadedBootstrap;
import dev.starling.config.proto.NodeOverrides;
import dev.starling.config.proto.UnknownFields;
import dev.starling.config.proto.source.ConfigText;
import dev.starling.config.proto.support.FieldSupport;
import dev.starling.healthcheck.outlier.OutlierMonitor;
import dev.starling.lb.EndpointReconciler;
import dev.starling.lb.EndpointSet;
import dev.starling.lb.FoundEndpoints;
import dev.starling.lb.ResolvedEndpoint;
import dev.starling.runtime.BuiltInExtensions;
import dev.starling.runtime.ServerState;
import dev.starling.runtime.cluster.ClusterSnapshot;
import dev.starling.runtime.cluster.ClusterTable;
import dev.starling.runtime.cluster.ClusterTraffic;
import dev.starling.runtime.layered.RuntimeSlot;
import dev.starling.runtime.stats.StatsStore;
import dev.starling.runtime.time.Clock;
import dev.starling.runtime.tls.TlsContextFactory;
import dev.starling.runtime.tls.TlsHolders;
import dev.starling.runtime.tls.TlsProvider;
import dev.starling.xds.resource.HeldResources;
import java.io.IOException;
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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/** An admin server on a free port, over the published views of a bootstrap that nothing serves. */
final class AdminFixture implements AutoCloseable {

    static final Admin ON_A_FREE_PORT = new Admin(Address.Socket.of("127.0.0.1", 0), List.of());

    final LoadedBootstrap bootstrap;
    final ServerState state = new ServerState();
    final StatsStore stats = new StatsStore(1);
    final ClusterTable clusters = new ClusterTable();
    final RuntimeSlot runtime = new RuntimeSlot();
    final List<ListenerView> listeners = new CopyOnWriteArrayList<>();
    final List<InitManager> unready = new ArrayList<>();
    final List<Object> actions = new CopyOnWriteArrayList<>();
    final Levels levels = new Levels();

    final AdminContext context;

    private final AdminServer server;
    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();

    AdminFixture(String yaml, ActorTree actors) throws Exception {
        this(yaml, actors, AdminContext.Bridges.AS_SET);
    }

    AdminFixture(String yaml, ActorTree actors, AdminContext.Bridges bridges) throws Exception {
        bootstrap = load(yaml);
        for (Cluster cluster : bootstrap.bootstrap().clusters()) {
            publish(cluster);
        }
        state.advance(ServerState.Phase.LIVE);
        Map<String, Object> commandLine = new LinkedHashMap<>();
        commandLine.put("base_id", "0");
        commandLine.put("concurrency", 2);
        commandLine.put("drain_time", "600s");
        commandLine.put("disabled_extensions", List.of());
        context = new AdminContext(
                new AdminContext.Identity("abc/0.1.0/Clean/RELEASE/JDK", commandLine, 0),
                bootstrap,
                state,
                stats,
                clusters,
                runtime,
                new HeldResources(),
                new TlsHolders(new TlsContextFactory(() -> TlsProvider.JDK, InstantSource.system())),
                () -> listeners,
                () -> unready,
                new Recorder(),
                levels,
                actors,
                new Clock(() -> Duration.ofSeconds(75).toNanos(), () -> Instant.parse("2026-11-21T10:00:00.123456Z")),
                bridges);
        server =
                AdminServer.start(ON_A_FREE_PORT, context).toCompletableFuture().get(20, TimeUnit.SECONDS);
    }

    static AdminFixture ofBootstrap() throws Exception {
        return new AdminFixture(resource("bootstrap.yaml"), _ -> CompletableFuture.completedStage(Optional.empty()));
    }

    static String resource(String name) throws IOException {
        try (var in = AdminFixture.class.getResourceAsStream("envoy/" + name)) {
            return new String(Objects.requireNonNull(in, name).readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static LoadedBootstrap load(String yaml) throws Exception {
        ExtensionRegistry extensions =
                BuiltInExtensions.register(new ExtensionRegistry.Builder()).build();
        return new ConfigLoader(new ConfigReader(FieldSupport.builtIn(), Map.of()), extensions)
                .load(List.of(ConfigText.yaml("test", yaml)), UnknownFields.REJECT, NodeOverrides.NONE);
    }

    private void publish(Cluster cluster) {
        List<ResolvedEndpoint> resolved = new ArrayList<>();
        for (LocalityEndpoints locality : cluster.loadAssignment().localities()) {
            for (EndpointConfig endpoint : locality.endpoints()) {
                Address.Socket address = (Address.Socket) endpoint.address();
                resolved.add(new ResolvedEndpoint(
                        endpoint,
                        locality.locality(),
                        locality.priority(),
                        new InetSocketAddress(address.host(), address.port()),
                        address.display(),
                        endpoint.hostname()));
            }
        }
        EndpointSet endpoints = new EndpointReconciler(EndpointReconciler.Settings.of(cluster))
                .reconcile(EndpointSet.EMPTY, cluster.loadAssignment(), FoundEndpoints.of(resolved))
                .endpoints();
        ClusterTraffic traffic = new ClusterTraffic(
                stats.scope("cluster." + cluster.statName() + "."), cluster.circuitBreakers(), OutlierMonitor.OFF);
        clusters.slot(cluster.name()).publish(new ClusterSnapshot(cluster, endpoints, traffic, false));
    }

    InetSocketAddress address() {
        return server.address();
    }

    HttpResponse<String> get(String target) throws Exception {
        return send("GET", target);
    }

    HttpResponse<String> post(String target) throws Exception {
        return send("POST", target);
    }

    HttpResponse<String> postForm(String target, String form) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + address().getPort() + target))
                .POST(HttpRequest.BodyPublishers.ofString(form))
                .header("content-type", "application/x-www-form-urlencoded")
                .timeout(Duration.ofSeconds(10))
                .build();
        return client.send(request, HttpResponse.BodyHandlers.ofString());
    }

    HttpResponse<String> send(String method, String target) throws Exception {
        // What Envoy takes as it is, the client's URI wants escaped.
        String escaped = target.replace("(", "%28").replace("<", "%3C").replace(">", "%3E");
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + address().getPort() + escaped))
                .method(method, HttpRequest.BodyPublishers.noBody())
                .timeout(Duration.ofSeconds(10))
                .build();
        return client.send(request, HttpResponse.BodyHandlers.ofString());
    }

    @Override
    public void close() {
        client.close();
        stop();
    }

    void stop() {
        server.stop().toCompletableFuture().orTimeout(20, TimeUnit.SECONDS).join();
    }

    static final class Levels implements LogLevels {

        final TreeMap<String, String> current = new TreeMap<>(Map.of("http", "info", "pool", "info", "router", "info"));

        @Override
        public SortedMap<String, String> levels() {
            return current;
        }

        @Override
        public void setAll(String level) {
            current.replaceAll((_, _) -> level);
        }

        @Override
        public void set(String logger, String level) {
            current.put(logger, level);
        }
    }

    private final class Recorder implements AdminActions {

        @Override
        public void drainListeners(Drain drain) {
            actions.add(drain);
        }

        @Override
        public void failHealthCheck() {
            state.failHealthCheck(true);
        }

        @Override
        public void passHealthCheck() {
            state.failHealthCheck(false);
        }

        @Override
        public CompletionStage<Optional<String>> modifyRuntime(Map<String, String> values) {
            actions.add(values);
            return CompletableFuture.completedStage(
                    values.containsKey("bad") ? Optional.of("cannot be read") : Optional.empty());
        }

        @Override
        public void reopenLogs() {
            actions.add("reopen");
        }

        @Override
        public void quit() {
            actions.add("quit");
        }
    }
}
