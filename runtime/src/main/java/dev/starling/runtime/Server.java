package dev.starling.runtime;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigParseOptions;
import dev.starling.config.cluster.Cluster;
import dev.starling.config.listener.Listener;
import dev.starling.config.proto.ConfigLoader;
import dev.starling.config.route.RouteConfiguration;
import dev.starling.runtime.accesslog.AccessLogWriter;
import dev.starling.runtime.accesslog.AccessLogging;
import dev.starling.runtime.accesslog.EntryFilterFactory;
import dev.starling.runtime.accesslog.FormatterFactory;
import dev.starling.runtime.accesslog.LogServices;
import dev.starling.runtime.cluster.ClusterTable;
import dev.starling.runtime.control.Guardian;
import dev.starling.runtime.control.UpdateResult;
import dev.starling.runtime.control.cluster.ClusterManager;
import dev.starling.runtime.control.cluster.ClusterPorts;
import dev.starling.runtime.control.extension.ExtensionBook;
import dev.starling.runtime.control.layered.RuntimeManager;
import dev.starling.runtime.control.listener.ListenerManager;
import dev.starling.runtime.control.listener.ListenerManager.DrainListeners;
import dev.starling.runtime.control.listener.ListenerPorts;
import dev.starling.runtime.control.route.RouteManager;
import dev.starling.runtime.layered.RuntimeSlot;
import dev.starling.runtime.listener.ListenerDirectory;
import dev.starling.runtime.listener.ListenerTable;
import dev.starling.runtime.listener.ListeningSockets;
import dev.starling.runtime.listener.ServerDrain;
import dev.starling.runtime.loop.Loop;
import dev.starling.runtime.loop.LoopTask;
import dev.starling.runtime.loop.Loops;
import dev.starling.runtime.route.RouteTable;
import dev.starling.runtime.stats.StatsStore;
import dev.starling.runtime.tls.TlsContextFactory;
import dev.starling.runtime.tls.TlsHolders;
import dev.starling.runtime.tls.TlsProvider;
import dev.starling.runtime.upstream.LoopClusters;
import dev.starling.runtime.upstream.dns.NettyNameResolver;
import dev.starling.runtime.upstream.probe.ClusterProber;
import dev.starling.xds.DiscoveryManager;
import dev.starling.xds.resource.HeldResources;
import dev.starling.xds.resource.ResourceTypes;
import dev.starling.xds.transport.GrpcTransport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.AskPattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One proxy: its event loops, its actors and what they share. Nothing is static, so that several can live in one JVM. Made
 * by {@link #create}, which opens nothing to the outside; {@link #start} brings it up. Any thread.
 */
public final class Server {

    /** An update is answered when it is in service, and warming may take its time; nobody waits longer than this. */
    private static final Duration UPDATE_TIMEOUT = Duration.ofHours(1);

    /** A control plane may be waited for without limit; this is the longest that the scheduler can tell. */
    private static final Duration START_TIMEOUT = Duration.ofDays(200);

    /** How long a blocked sink of access logs may hold up the end. */
    private static final Duration LAST_LINES = Duration.ofSeconds(5);

    private static final Logger log = LoggerFactory.getLogger(Server.class);

    private final ServerOptions options;
    private final ActorSystem<Guardian.Command> system;
    private final ProxyContext proxy;
    private final ServerStats serverStats;
    private final ServerViews views;
    private final CompletionStage<Void> ended;

    private Server(
            ServerOptions options,
            ActorSystem<Guardian.Command> system,
            ProxyContext proxy,
            ServerStats serverStats,
            ServerViews views,
            CompletionStage<Void> ended) {
        this.options = options;
        this.system = system;
        this.proxy = proxy;
        this.serverStats = serverStats;
        this.views = views;
        this.ended = ended;
    }

    /**
     * A server that serves.
     *
     * @return failed if it cannot, with the reason, such as an address in use; nothing is left running then
     */
    public static CompletionStage<Server> start(ServerOptions options) {
        return create(options).start();
    }

    /** A server with its threads, before it does anything; the admin server can answer from now on. */
    public static Server create(ServerOptions options) {
        ServerState state = new ServerState();
        StatsStore stats = new StatsStore(options.concurrency());
        TlsHolders tls = new TlsHolders(
                new TlsContextFactory(TlsProvider::chosen, options.clock().wall()));
        ServerStats serverStats =
                new ServerStats(stats.scope("server."), options.concurrency(), state, tls, options.clock());
        ActorSystem<Guardian.Command> system =
                ActorSystem.create(Guardian.create(), "starling", actorConfig(options.actors()));
        Loops loops =
                Loops.start(options.concurrency(), system.classicSystem(), stats, options.clock(), options.seed());
        RuntimeSlot runtime = new RuntimeSlot();
        ClusterTable clusters = new ClusterTable();
        List<LoopClusters> loopClusters = new ArrayList<>();
        for (Loop loop : loops) {
            loopClusters.add(new LoopClusters(loop, loops.transport(), runtime, clusters));
        }
        HeldResources held = new HeldResources();
        ConfigLoader loader =
                options.dynamic().loader().get().with(options.bootstrap().secrets());
        ResourceTypes types = DynamicConfiguration.types(options, loader, clusters, held, stats);
        FormatterFactory formatters = new FormatterFactory(options.clock(), HostName.read(), System.getenv());
        AccessLogWriter accessLogs = AccessLogWriter.start(options.accessLogs(), stats, options.clock());
        Function<RouteConfiguration, RouteTable> routes =
                config -> RouteTable.compile(config, clusters::slot, clusters::find, formatters::headerValue, runtime);
        GrpcTransport channels = new GrpcTransport();
        ProxyContext proxy = new ProxyContext(
                options.bootstrap().node(),
                system.classicSystem(),
                loops,
                List.copyOf(loopClusters),
                clusters,
                ClusterManager.requests(command -> system.tell(new Guardian.ToClusters(command))),
                runtime,
                (_, _) -> {
                    throw new IllegalStateException("only a filter chain has routes");
                },
                (_, _, _, _) -> {
                    throw new IllegalStateException("only a listener has filters");
                },
                stats,
                new AccessLogging(
                        new EntryFilterFactory(options.clock(), runtime),
                        formatters,
                        accessLogs,
                        new LogServices(
                                loops,
                                DynamicConfiguration.logStreams(options, channels, loopClusters, clusters, stats),
                                stats,
                                System.getenv())),
                options.extensions(),
                state,
                tls,
                DynamicConfiguration.relay(options, system, types, held, stats),
                options.clock());
        NettyNameResolver resolver = new NettyNameResolver(loops.get(0).eventLoop(), loops.transport());
        ListenerTable listeners = new ListenerTable();
        DiscoveryManager.Discovering discovering = DynamicConfiguration.discovering(
                options,
                loader,
                types,
                clusters,
                DynamicConfiguration.clusters(loops, loopClusters, clusters, stats),
                channels,
                proxy.tls(),
                held,
                stats);
        LoopTask refresh = new LoopTask(loops, loop -> proxy.clustersOf(loop).refreshAll());
        system.tell(new Guardian.Assemble(new Guardian.Assembly(
                options.bootstrap(),
                state,
                discovering,
                resources -> new RuntimeManager.Ports(
                        options.bootstrap().runtime(),
                        runtime,
                        resources,
                        proxy.tls()::watchFolder,
                        loader::readRuntimeValue,
                        stats.scope("runtime.")),
                resources -> new ClusterPorts(
                        clusters,
                        refresh::request,
                        stats,
                        loops.transport()::address,
                        resolver,
                        (cluster, sockets) ->
                                new ClusterProber(loops, cluster, sockets, formatters::headerValue, stats),
                        resources,
                        proxy.tls(),
                        new Random(options.seed()), // safe for all threads, unlike those of the loops
                        options.clock()),
                ports -> DynamicConfiguration.healthDiscovery(options, loader, discovering.transport(), ports),
                routes,
                stats,
                (resources, book) -> new ListenerPorts(
                        proxy,
                        new ListeningSockets(loops),
                        listeners,
                        book,
                        new ExtensionBook(resources, stats),
                        resources,
                        new ServerDrain(state),
                        new ListenerDirectory(),
                        options.draining(),
                        serverStats.connections(),
                        new AtomicLong()),
                () -> {
                    serverStats.flush();
                    stats.mergeHistograms();
                })));
        ServerViews views = new ServerViews(
                options.bootstrap().node(),
                state,
                clusters,
                listeners,
                runtime,
                stats,
                held,
                proxy.tls(),
                options,
                options.clock().wall().instant());
        return new Server(
                options,
                system,
                proxy,
                serverStats,
                views,
                end(system, channels, resolver, tls, loops, proxy.accessLogging()));
    }

    private static Config actorConfig(Config overrides) {
        Config ours = ConfigFactory.parseResources(
                Server.class, "actors.conf", ConfigParseOptions.defaults().setAllowMissing(false));
        return overrides
                .withFallback(ours)
                .withFallback(ConfigFactory.defaultReference())
                .resolve();
    }

    /** When the actors have ended and log services have what was held for them the loops end, and then the thread that writes files. */
    private static CompletionStage<Void> end(
            ActorSystem<Guardian.Command> system,
            GrpcTransport channels,
            NettyNameResolver resolver,
            TlsHolders tls,
            Loops loops,
            AccessLogging accessLogs) {
        return system.getWhenTerminated()
                .thenCompose(_ -> accessLogs.services().end())
                .thenCompose(_ -> {
                    channels.close();
                    resolver.close();
                    tls.close();
                    CompletableFuture<Void> ended = new CompletableFuture<>();
                    loops.shutdown().addListener(_ -> ended.complete(null));
                    return ended;
                })
                .thenRunAsync(
                        () -> finish(accessLogs.writer()),
                        task -> Thread.ofPlatform().name("starling-end").start(task));
    }

    private static void finish(AccessLogWriter accessLogs) {
        try {
            if (!accessLogs.close(LAST_LINES)) {
                log.warn("access log lines were lost: their sink does not take them");
            }
        } catch (InterruptedException hurry) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * Brings the server up: clusters first, then listeners; complete when they accept. To be called once.
     *
     * @return failed if it cannot, with the reason, such as an address in use; nothing is left running then
     */
    public CompletionStage<Server> start() {
        return AskPattern.<Guardian.Command, Guardian.StartResult>ask(
                        system,
                        replyTo -> new Guardian.Start(options.serve(), replyTo),
                        START_TIMEOUT,
                        system.scheduler())
                .thenCompose(result -> switch (result) {
                    case Guardian.StartResult.Started _ -> {
                        serverStats.started(proxy.loops().get(0));
                        yield CompletableFuture.completedStage(this);
                    }
                    case Guardian.StartResult.Failed(var cause) ->
                        ended.thenCompose(_ -> CompletableFuture.failedStage(cause));
                });
    }

    /** What the server has published of itself. */
    public ServerViews views() {
        return views;
    }

    /** What its data path shares. */
    public ProxyContext proxy() {
        return proxy;
    }

    /** Its actors; the guardian knows the others by {@link Guardian.GetState}. */
    public ActorSystem<Guardian.Command> system() {
        return system;
    }

    /** Puts a listener in service, or its next version in the place of the one before. */
    public CompletionStage<UpdateResult> update(Listener listener) {
        return ask(replyTo -> new Guardian.ToListeners(new ListenerManager.UpdateListener(listener, replyTo)));
    }

    public CompletionStage<UpdateResult> removeListener(String name) {
        return ask(replyTo -> new Guardian.ToListeners(new ListenerManager.RemoveListener(name, replyTo)));
    }

    /** Puts a cluster in service, or its next version in the place of the one before. */
    public CompletionStage<UpdateResult> update(Cluster cluster) {
        return ask(replyTo -> new Guardian.ToClusters(new ClusterManager.UpdateCluster(cluster, replyTo)));
    }

    public CompletionStage<UpdateResult> removeCluster(String name) {
        return ask(replyTo -> new Guardian.ToClusters(new ClusterManager.RemoveCluster(name, replyTo)));
    }

    /** Replaces what is routed by under the configuration's name. */
    public CompletionStage<UpdateResult> update(RouteConfiguration routes) {
        return ask(replyTo -> new Guardian.ToRoutes(new RouteManager.UpdateRoutes(routes, replyTo)));
    }

    private <R> CompletionStage<R> ask(org.apache.pekko.japi.function.Function<ActorRef<R>, Guardian.Command> message) {
        return AskPattern.ask(system, message, UPDATE_TIMEOUT, system.scheduler());
    }

    /** {@code /runtime_modify}: all of it or nothing. */
    public CompletionStage<RuntimeManager.ModifyResult> modifyRuntime(Map<String, String> values) {
        return ask(replyTo -> new Guardian.ToRuntime(new RuntimeManager.Modify(values, replyTo)));
    }

    /** {@code /drain_listeners}. */
    public void drain(DrainListeners drain) {
        system.tell(new Guardian.ToListeners(drain));
    }

    /** {@code /healthcheck/fail} and {@code /healthcheck/ok}. */
    public void failHealthCheck(boolean failed) {
        proxy.state().failHealthCheck(failed);
    }

    /**
     * Stops accepting and closes idle connections. Exchanges in flight may go on for the grace, then all is over. Asked
     * again while that lasts, the shorter grace counts; zero ends everything now.
     *
     * @return the same as {@link #ended}
     */
    public CompletionStage<Void> shutdown(Duration grace) {
        system.tell(new Guardian.Stop(grace));
        return ended;
    }

    /** Completes when all is over. */
    public CompletionStage<Void> ended() {
        return ended;
    }
}
