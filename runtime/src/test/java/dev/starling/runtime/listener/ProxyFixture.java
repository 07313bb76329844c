package dev.starling.runtime.listener;

import com.typesafe.config.ConfigFactory;
import dev.starling.config.Address;
import dev.starling.config.ByteCount;
import dev.starling.config.Locality;
import dev.starling.config.Metadata;
import dev.starling.config.bootstrap.Node;
import dev.starling.config.cluster.CircuitBreakers;
import dev.starling.config.cluster.Cluster;
import dev.starling.config.cluster.CommonLb;
import dev.starling.config.cluster.LbPolicy;
import dev.starling.config.cluster.UpstreamHttp;
import dev.starling.config.endpoint.EndpointConfig;
import dev.starling.config.endpoint.LoadAssignment;
import dev.starling.config.http.Http2Options;
import dev.starling.config.listener.FilterChain;
import dev.starling.config.listener.FilterChainMatch;
import dev.starling.config.listener.Listener;
import dev.starling.config.listener.ListenerFilterChain;
import dev.starling.config.proto.ExtensionRegistry;
import dev.starling.config.route.RouteConfiguration;
import dev.starling.config.tls.DownstreamSocket;
import dev.starling.config.tls.DownstreamTls;
import dev.starling.config.tls.QuicDownstream;
import dev.starling.config.tls.TlsProblem;
import dev.starling.config.tls.UpstreamSockets;
import dev.starling.config.tls.UpstreamTls;
import dev.starling.healthcheck.outlier.OutlierMonitor;
import dev.starling.lb.Endpoint;
import dev.starling.lb.EndpointSet;
import dev.starling.lb.EndpointState;
import dev.starling.runtime.BuiltInExtensions;
import dev.starling.runtime.ProxyContext;
import dev.starling.runtime.ServerState;
import dev.starling.runtime.accesslog.AccessLogSettings;
import dev.starling.runtime.accesslog.AccessLogWriter;
import dev.starling.runtime.accesslog.AccessLogging;
import dev.starling.runtime.accesslog.EntryFilterFactory;
import dev.starling.runtime.accesslog.FormatterFactory;
import dev.starling.runtime.accesslog.LogServices;
import dev.starling.runtime.cluster.ClusterSnapshot;
import dev.starling.runtime.cluster.ClusterTable;
import dev.starling.runtime.cluster.ClusterTraffic;
import dev.starling.runtime.layered.RuntimeSnapshot;
import dev.starling.runtime.listener.filter.InspectionStats;
import dev.starling.runtime.listener.filter.ListenerFilterContext;
import dev.starling.runtime.listener.filter.ListenerFilters;
import dev.starling.runtime.listener.filter.UnservedLog;
import dev.starling.runtime.loop.Loop;
import dev.starling.runtime.loop.Loops;
import dev.starling.runtime.network.FilterChainContext;
import dev.starling.runtime.network.LoopFilter;
import dev.starling.runtime.network.NetworkFilter;
import dev.starling.runtime.route.RouteTable;
import dev.starling.runtime.stats.StatsScope;
import dev.starling.runtime.stats.StatsStore;
import dev.starling.runtime.time.Clock;
import dev.starling.runtime.tls.EndpointSockets;
import dev.starling.runtime.tls.NoSecrets;
import dev.starling.runtime.tls.TlsContextFactory;
import dev.starling.runtime.tls.TlsHolder;
import dev.starling.runtime.tls.TlsHolders;
import dev.starling.runtime.tls.TlsProvider;
import dev.starling.runtime.tls.TlsStats;
import dev.starling.runtime.upstream.LoopClusters;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.apache.pekko.actor.ActorSystem;
import org.jspecify.annotations.Nullable;
import scala.concurrent.Await;

/**
 * A proxy without actors or configuration files: event loops, clusters, and filter chains that listen on free ports of
 * loopback. What the actors do by message, a test does here by call.
 */
public final class ProxyFixture implements AutoCloseable {

    /** How long anything on loopback may take before a test calls it missing. */
    public static final Duration PATIENCE = Duration.ofSeconds(20);

    private static final long SEED = 42;
    private static final String QUIET = """
            pekko.loglevel = ERROR
            pekko.actor.default-dispatcher.fork-join-executor {
              parallelism-min = 1, parallelism-max = 2, minimum-runnable = -1
            }
            """;

    private final TlsProvider tls;
    private final ActorSystem system;
    private final AccessLogWriter accessLogs;
    private final ProxyContext context;
    private final AtomicLong connectionIds = new AtomicLong();
    private final List<Listening> listeners = new ArrayList<>();
    private final List<TlsHolder> holders = new ArrayList<>();

    private record Listening(ListeningSocket socket, ActiveFilterChain chain, Map<Loop, LoopFilter> lanes) {}

    private ProxyFixture(int concurrency, Clock clock, TlsProvider tls) {
        this.tls = tls;
        system = ActorSystem.create("fixture", ConfigFactory.parseString(QUIET).withFallback(ConfigFactory.load()));
        StatsStore stats = new StatsStore(concurrency);
        Loops loops = Loops.start(concurrency, system, stats, clock, SEED);
        ClusterTable clusters = new ClusterTable();
        List<LoopClusters> loopClusters = new ArrayList<>();
        for (Loop loop : loops) {
            loopClusters.add(new LoopClusters(loop, loops.transport(), () -> RuntimeSnapshot.EMPTY, clusters));
        }
        accessLogs = AccessLogWriter.start(AccessLogSettings.DEFAULT, stats, clock);
        FormatterFactory formats = new FormatterFactory(clock, "localhost", Map.of());
        context = new ProxyContext(
                Node.NONE,
                system,
                loops,
                loopClusters,
                clusters,
                (_, _, _) -> {
                    throw new IllegalStateException("no control plane");
                },
                () -> RuntimeSnapshot.EMPTY,
                (routes, _) -> {
                    RouteTable table = RouteTable.compile(
                            (RouteConfiguration) routes,
                            clusters::slot,
                            clusters::find,
                            formats::headerValue,
                            () -> RuntimeSnapshot.EMPTY);
                    return _ -> table;
                },
                (_, _, _, _) -> {
                    throw new IllegalStateException("no control plane");
                },
                stats,
                new AccessLogging(
                        new EntryFilterFactory(clock, () -> RuntimeSnapshot.EMPTY),
                        new FormatterFactory(clock, "fixture", Map.of()),
                        accessLogs,
                        new LogServices(
                                loops,
                                (_, _, _) -> {
                                    throw new IllegalStateException("no log service");
                                },
                                stats,
                                Map.of())),
                BuiltInExtensions.register(new ExtensionRegistry.Builder()).build(),
                new ServerState(),
                new TlsHolders(new TlsContextFactory(() -> tls, clock.wall())),
                (_, _, _) -> Optional.empty(),
                clock);
    }

    /** On one loop, by the system's clock. */
    public static ProxyFixture start() {
        return start(1, Clock.SYSTEM);
    }

    /**
     * With a clock that the test holds. The wheel's alarm rings by real time and then looks at that clock, so use timeouts
     * of some ten milliseconds: they cannot expire before the test moves the clock, and expire soon after it did.
     */
    public static ProxyFixture start(int concurrency, Clock clock) {
        return start(concurrency, clock, TlsProvider.chosen());
    }

    /** With what does the cryptography. */
    public static ProxyFixture start(int concurrency, Clock clock, TlsProvider tls) {
        return new ProxyFixture(concurrency, clock, tls);
    }

    /** What does the cryptography. */
    public TlsProvider tlsProvider() {
        return tls;
    }

    public ProxyContext context() {
        return context;
    }

    public Loop loop() {
        return context.loops().get(0);
    }

    // ---- clusters -------------------------------------------------------------------------------------------------

    /** Settings of a static cluster as its defaults have them. */
    public static Cluster cluster(String name) {
        return cluster(name, Duration.ofSeconds(5), ByteCount.mebibytes(1), CircuitBreakers.DEFAULT);
    }

    public static Cluster cluster(
            String name, Duration connectTimeout, ByteCount bufferLimit, CircuitBreakers circuitBreakers) {
        return cluster(name, connectTimeout, bufferLimit, circuitBreakers, UpstreamHttp.DEFAULT);
    }

    /** Passing trailers on, as is not the default. */
    public static Cluster clusterWithTrailers(String name) {
        UpstreamHttp http = new UpstreamHttp(
                UpstreamHttp.Version.HTTP_1,
                Duration.ofHours(1),
                Optional.empty(),
                Optional.empty(),
                0,
                100,
                Optional.empty(),
                true,
                Http2Options.DEFAULT,
                UpstreamHttp.AutoNames.NONE);
        return cluster(name, Duration.ofSeconds(5), ByteCount.mebibytes(1), CircuitBreakers.DEFAULT, http);
    }

    /** Whose endpoints speak HTTP/2. */
    public static Cluster clusterOfHttp2(String name, CircuitBreakers circuitBreakers) {
        UpstreamHttp http = new UpstreamHttp(
                UpstreamHttp.Version.HTTP_2,
                Duration.ofHours(1),
                Optional.empty(),
                Optional.empty(),
                0,
                100,
                Optional.empty(),
                false,
                Http2Options.DEFAULT,
                UpstreamHttp.AutoNames.NONE);
        return cluster(name, Duration.ofSeconds(5), ByteCount.mebibytes(1), circuitBreakers, http);
    }

    public static Cluster cluster(
            String name,
            Duration connectTimeout,
            ByteCount bufferLimit,
            CircuitBreakers circuitBreakers,
            UpstreamHttp http) {
        return new Cluster(
                name,
                name,
                Cluster.Discovery.Static.STATIC,
                LoadAssignment.of(name, List.of()),
                new LbPolicy.RoundRobin(Optional.empty()),
                CommonLb.DEFAULT,
                connectTimeout,
                bufferLimit,
                circuitBreakers,
                Optional.empty(),
                List.of(),
                http,
                UpstreamSockets.RAW,
                Optional.empty(),
                true,
                false,
                Metadata.NONE,
                1);
    }

    /** Publishes a cluster of these endpoints. */
    public ClusterTraffic publish(String name, InetSocketAddress... endpoints) {
        return publish(cluster(name), OutlierMonitor.OFF, endpoints);
    }

    public ClusterTraffic publish(Cluster settings, OutlierMonitor outliers, InetSocketAddress... endpoints) {
        ClusterTraffic traffic = new ClusterTraffic(
                context.stats().scope("cluster." + settings.name() + "."), settings.circuitBreakers(), outliers);
        List<Endpoint> made =
                Arrays.stream(endpoints).map(ProxyFixture::endpoint).toList();
        publish(new ClusterSnapshot(settings, EndpointSet.of(made), traffic, false));
        return traffic;
    }

    /** A cluster whose endpoint is spoken with in TLS. */
    public void publish(Cluster settings, UpstreamTls tls, InetSocketAddress endpoint) {
        EndpointSockets sockets = EndpointSockets.of(
                settings.name(),
                new UpstreamSockets(tls, List.of()),
                context.stats().scope("cluster." + settings.name() + "."),
                context.tls(),
                NoSecrets.SOURCE);
        ClusterTraffic traffic = publish(settings, OutlierMonitor.OFF, endpoint).through(sockets);
        publish(new ClusterSnapshot(settings, EndpointSet.of(List.of(endpoint(endpoint))), traffic, false));
    }

    /** Publishes a version of a cluster to all loops. */
    public void publish(ClusterSnapshot snapshot) {
        context.clusters().slot(snapshot.name()).publish(snapshot);
        refreshLoops();
    }

    /** Takes a cluster away. */
    public void withdraw(String name) {
        context.clusters().slot(name).publish(null);
        refreshLoops();
    }

    private void refreshLoops() {
        for (Loop loop : context.loops()) {
            on(loop, () -> {
                context.clustersOf(loop).refreshAll();
                return true;
            });
        }
    }

    public static Endpoint endpoint(InetSocketAddress address) {
        String host = address.getAddress().getHostAddress();
        return new Endpoint(
                EndpointConfig.of(Address.Socket.of(host, address.getPort())),
                address,
                host + ":" + address.getPort(),
                "",
                Locality.NONE,
                0,
                new EndpointState());
    }

    // ---- listeners ------------------------------------------------------------------------------------------------

    /** Serves connections to a free port of loopback by this filter, with the default buffer limit. */
    public InetSocketAddress listen(Function<FilterChainContext, NetworkFilter> filter) {
        return listen(ByteCount.mebibytes(1).clampedToInt(), filter);
    }

    public InetSocketAddress listen(int bufferLimit, Function<FilterChainContext, NetworkFilter> filter) {
        FilterChain chain = new FilterChain(
                "", FilterChainMatch.ANY, List.of(), DownstreamSocket.Raw.RAW, Duration.ZERO, listeners.size());
        return listen(chain, bufferLimit, ListenerFilterChain.NONE, filter);
    }

    /** With listener filters. */
    public InetSocketAddress listen(
            ListenerFilterChain listenerFilters, Function<FilterChainContext, NetworkFilter> filter) {
        FilterChain chain = new FilterChain(
                "", FilterChainMatch.ANY, List.of(), DownstreamSocket.Raw.RAW, Duration.ZERO, listeners.size());
        return listen(chain, ByteCount.mebibytes(1).clampedToInt(), listenerFilters, filter);
    }

    /** With a transport socket and the time it has for its handshake, zero for the standard one. */
    public InetSocketAddress listen(
            DownstreamSocket socket,
            Duration handshakeTimeout,
            int bufferLimit,
            Function<FilterChainContext, NetworkFilter> filter) {
        FilterChain chain =
                new FilterChain("", FilterChainMatch.ANY, List.of(), socket, handshakeTimeout, listeners.size());
        return listen(chain, bufferLimit, ListenerFilterChain.NONE, filter);
    }

    private InetSocketAddress listen(
            FilterChain config,
            int bufferLimit,
            ListenerFilterChain listenerFilters,
            Function<FilterChainContext, NetworkFilter> filter) {
        Address.Socket address = Address.Socket.of("127.0.0.1", 0);
        String name = "fixture-" + listeners.size();
        var scope = context.stats().scope("listener." + name + ".");
        var filterContext = new FilterChainContext(context, name, config.name(), scope, bufferLimit);
        Map<Loop, LoopFilter> lanes = new ConcurrentHashMap<>();
        NetworkFilter made = filter.apply(filterContext);
        NetworkFilter watched = loop -> {
            LoopFilter lane = made.onLoop(loop);
            lanes.put(loop, lane);
            return lane;
        };
        ActiveFilterChain chain = ActiveFilterChain.start(
                        config, watched, List.of(), tls(config, scope), context.loops())
                .toCompletableFuture()
                .join();
        Listener listener = new Listener(
                name,
                List.of(address),
                name,
                List.of(config),
                Optional.empty(),
                List.of(),
                new ByteCount(bufferLimit),
                128,
                true,
                true,
                Listener.TrafficDirection.UNSPECIFIED,
                true,
                listenerFilters,
                false,
                Optional.empty(),
                1,
                1);
        ListeningSocket socket = ListeningSocket.bind(Binding.of(listener, address), context.loops())
                .toCompletableFuture()
                .join();
        var shared = new ActiveListener.Shared(
                ListenerStats.in(scope, context.loops().size()),
                new ServerDrain(context.state()),
                new ListenerDirectory(),
                scope.gauge("connections"),
                connectionIds);
        UnservedLog unserved = new UnservedLog(List.of());
        ListenerFilters filters = ListenerFilters.create(
                listener.listenerFilters(),
                new ListenerFilterContext(context, context.stats().scope("")),
                InspectionStats.in(scope),
                unserved);
        socket.serve(new ActiveListener(listener, filters, unserved, Map.of(config, chain), shared));
        listeners.add(new Listening(socket, chain, lanes));
        return (InetSocketAddress) socket.localAddress();
    }

    private @Nullable ChainTls tls(FilterChain config, StatsScope scope) {
        return switch (config.transportSocket()) {
            case DownstreamSocket.Raw _ -> null;
            case QuicDownstream _ -> throw new AssertionError("connections of this fixture are TCP's");
            case DownstreamTls tls -> {
                try {
                    TlsStats stats = TlsStats.server(scope);
                    TlsHolder holder = context.tls().server("fixture", tls, NoSecrets.SOURCE, stats);
                    holders.add(holder);
                    yield new ChainTls(
                            holder,
                            stats,
                            config.transportSocketConnectTimeout().toNanos());
                } catch (TlsProblem problem) {
                    throw new AssertionError(problem);
                }
            }
        };
    }

    /** How the connections of the last secured listener are secured. */
    public TlsHolder holder() {
        return holders.getLast();
    }

    /** The filter of a listener, in the order they were made, on a loop. */
    public LoopFilter lane(int listener, Loop loop) {
        LoopFilter lane = listeners.get(listener).lanes().get(loop);
        if (lane == null) {
            throw new AssertionError("no lane of listener " + listener + " on " + loop);
        }
        return lane;
    }

    // ---- looking at it --------------------------------------------------------------------------------------------

    /** A counter's value. Loops write their share in their own time: ask with {@link #eventually} after traffic. */
    public long counter(String name) {
        return context.stats().scope("").counter(name).value();
    }

    /** A gauge's value. */
    public long gauge(String name) {
        return context.stats().scope("").gauge(name).value();
    }

    /** Runs it on the loop and waits for the answer. */
    public static <T> T on(Loop loop, Callable<T> task) {
        try {
            return loop.eventLoop().submit(task).get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (Exception failure) {
            throw new AssertionError(failure);
        }
    }

    /** Asks on the first loop, again and again, until it is so. */
    public void eventually(String what, BooleanSupplier condition) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        try {
            while (!loop().eventLoop()
                    .schedule(condition::getAsBoolean, 1, TimeUnit.MILLISECONDS)
                    .get(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                if (System.nanoTime() > deadline) {
                    throw new AssertionError("never: " + what);
                }
            }
        } catch (Exception failure) {
            throw new AssertionError(what, failure);
        }
    }

    /** Closes the sockets and what is open, lets the flows end, and stops the loops. */
    @Override
    public void close() {
        context.tls().all().forEach(TlsHolder::close);
        for (Listening listening : listeners) {
            listening.socket().close();
            listening.chain().retire();
            listening.chain().close();
        }
        try {
            if (!context.loops().shutdown().await(PATIENCE.toMillis())) {
                throw new AssertionError("a loop does not end");
            }
            if (!accessLogs.close(PATIENCE)) {
                throw new AssertionError("access log lines were left");
            }
            Await.result(system.terminate(), scala.concurrent.duration.Duration.create(20, TimeUnit.SECONDS));
        } catch (Exception failure) {
            throw new AssertionError(failure);
        }
    }
}
