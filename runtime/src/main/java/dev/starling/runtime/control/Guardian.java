package dev.starling.runtime.control;

import dev.starling.config.bootstrap.Bootstrap;
import dev.starling.config.route.RouteConfiguration;
import dev.starling.runtime.ServerState;
import dev.starling.runtime.ServerState.Phase;
import dev.starling.runtime.control.cluster.ClusterManager;
import dev.starling.runtime.control.cluster.ClusterPorts;
import dev.starling.runtime.control.discovery.Resources;
import dev.starling.runtime.control.layered.RuntimeManager;
import dev.starling.runtime.control.listener.ListenerManager;
import dev.starling.runtime.control.listener.ListenerPorts;
import dev.starling.runtime.control.route.RouteBook;
import dev.starling.runtime.control.route.RouteManager;
import dev.starling.runtime.control.secret.SecretBook;
import dev.starling.runtime.control.secret.SecretManager;
import dev.starling.runtime.route.RouteTable;
import dev.starling.runtime.stats.StatsStore;
import dev.starling.xds.Discovery;
import dev.starling.xds.DiscoveryManager;
import dev.starling.xds.health.HealthDiscovery;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.SupervisorStrategy;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The root of the actors of one server. Brings it up in Envoy's order: clusters are in service before listeners are made,
 * and no listener accepts before all of them can. Takes it down again; when this actor ends, so does the actor system.
 */
public final class Guardian {

    private static final Logger log = LoggerFactory.getLogger(Guardian.class);

    private static final String GRACE = "grace";

    /** How long connections that were told to close are waited for before they are left to the end of their loops. */
    private static final Duration CLOSING = Duration.ofSeconds(1);

    public sealed interface Command {}

    /** Sent once, first: what the server is made of. */
    public record Assemble(Assembly assembly) implements Command {}

    /**
     * Sent once: brings the server up.
     *
     * @param serve false: only as far as it could serve
     */
    public record Start(boolean serve, ActorRef<StartResult> replyTo) implements Command {}

    public sealed interface StartResult {

        enum Started implements StartResult {
            STARTED
        }

        /** Nothing is left running. */
        record Failed(Throwable cause) implements StartResult {}
    }

    /** For the manager of clusters. */
    public record ToClusters(ClusterManager.Command command) implements Command {}

    /** For the manager of listeners. */
    public record ToListeners(ListenerManager.Command command) implements Command {}

    /** For the manager of route configurations. */
    public record ToRoutes(RouteManager.Command command) implements Command {}

    /** For the manager of the runtime. */
    public record ToRuntime(RuntimeManager.Command command) implements Command {}

    /** Ends the server: exchanges in flight may go on for the grace. Asked again, the shorter grace counts. */
    public record Stop(Duration grace) implements Command {}

    public record GetState(ActorRef<State> replyTo) implements Command {}

    private enum Event implements Command {
        CLUSTERS_INITIALIZED,
        LISTENERS_CLOSED,
        GRACE_OVER,
        FLUSH
    }

    private record ListenersStarted(ListenerManager.StartResult result) implements Command {}

    /** For inspection. */
    public record State(
            Phase phase,
            ActorRef<DiscoveryManager.Command> xds,
            ActorRef<SecretManager.Command> secrets,
            ActorRef<ClusterManager.Command> clusters,
            ActorRef<ListenerManager.Command> listeners,
            ActorRef<RouteManager.Command> routes,
            ActorRef<RuntimeManager.Command> runtime,
            Optional<ActorRef<HealthDiscovery.Command>> healthDiscovery) {}

    /**
     * What the server is made of.
     *
     * @param runtime given what can be had of control planes
     * @param clusters given what can be had of control planes
     * @param healthDiscovery if endpoints are to be checked for others; given what clusters are checked with
     * @param listeners given the book of routes too, which the actors keep
     * @param flush what is done in each stats flush interval
     */
    public record Assembly(
            Bootstrap bootstrap,
            ServerState state,
            DiscoveryManager.Discovering discovering,
            Function<Resources, RuntimeManager.Ports> runtime,
            Function<Resources, ClusterPorts> clusters,
            Function<ClusterPorts, Optional<HealthDiscovery.Discovering>> healthDiscovery,
            Function<RouteConfiguration, RouteTable> routes,
            StatsStore stats,
            BiFunction<Resources, RouteBook, ListenerPorts> listeners,
            Runnable flush) {}

    private final Bootstrap bootstrap;
    private final ServerState state;
    private final Runnable flush;
    private final ActorContext<Command> context;
    private final TimerScheduler<Command> timers;
    private final ActorRef<DiscoveryManager.Command> discovery;
    private final ActorRef<SecretManager.Command> secrets;
    private final ActorRef<ClusterManager.Command> clusters;
    private final Optional<ActorRef<HealthDiscovery.Command>> healthDiscovery;
    private final ActorRef<ListenerManager.Command> listeners;
    private final ActorRef<RouteManager.Command> routes;
    private final ActorRef<RuntimeManager.Command> runtime;

    private Guardian(Assembly assembly, ActorContext<Command> context, TimerScheduler<Command> timers) {
        this.bootstrap = assembly.bootstrap();
        this.state = assembly.state();
        this.flush = assembly.flush();
        this.context = context;
        this.timers = timers;
        this.discovery = context.spawn(DiscoveryManager.create(assembly.discovering()), "xds");
        this.secrets = context.spawn(SecretManager.create(assembly.discovering().folders()), "secrets");
        Discovery port = DiscoveryManager.port(discovery);
        Resources resources = new Resources(
                port,
                assembly.discovering().types(),
                this::reachControlPlanes,
                new SecretBook(
                        port,
                        assembly.discovering().types().secrets(),
                        secrets::tell,
                        assembly.discovering().held(),
                        assembly.stats(),
                        assembly.discovering().clock()));
        this.runtime = context.spawn(RuntimeManager.create(assembly.runtime().apply(resources)), "runtime");
        ClusterPorts clusterPorts = assembly.clusters().apply(resources);
        this.clusters = context.spawn(ClusterManager.create(clusterPorts), "clusters");
        this.healthDiscovery = assembly.healthDiscovery()
                .apply(clusterPorts)
                .map(discovering -> context.spawn(HealthDiscovery.create(discovering), "health-discovery"));
        this.routes = context.spawn(RouteManager.create(assembly.routes(), resources, assembly.stats()), "routes");
        RouteBook book = new RouteBook(assembly.routes(), routes::tell, resources, assembly.stats());
        this.listeners =
                context.spawn(ListenerManager.create(assembly.listeners().apply(resources, book)), "listeners");
        timers.startTimerWithFixedDelay(Event.FLUSH, bootstrap.statsFlushInterval());
    }

    public static Behavior<Command> create() {
        Behavior<Command> guardian = Behaviors.setup(context ->
                Behaviors.withTimers(timers -> Behaviors.receiveMessage(command -> switch (command) {
                    case Assemble(var assembly) -> new Guardian(assembly, context, timers).assembled();
                    default -> Behaviors.unhandled();
                })));
        return Behaviors.supervise(guardian).onFailure(SupervisorStrategy.resume());
    }

    private CompletionStage<Void> reachControlPlanes() {
        CompletableFuture<Void> complete = new CompletableFuture<>();
        discovery.tell(DiscoveryManager.begin());
        healthDiscovery.ifPresent(service -> service.tell(HealthDiscovery.begin()));
        runtime.tell(new RuntimeManager.Discover(() -> complete.complete(null)));
        return complete;
    }

    // ---- states ---------------------------------------------------------------------------------------------------

    private Behavior<Command> assembled() {
        return Behaviors.receiveMessage(command -> {
            if (command instanceof Start start) {
                clusters.tell(new ClusterManager.Initialize(
                        bootstrap.clusters(),
                        bootstrap.dynamicResources().clusters(),
                        context.messageAdapter(ClusterManager.Initialized.class, _ -> Event.CLUSTERS_INITIALIZED)));
                return initializingClusters(start);
            }
            return onOther(command, Optional.empty());
        });
    }

    /** Names are resolved and endpoints checked for the first time. */
    private Behavior<Command> initializingClusters(Start start) {
        return Behaviors.receiveMessage(command -> {
            if (command == Event.CLUSTERS_INITIALIZED) {
                log.info("all clusters initialized. initializing init manager");
                state.advance(Phase.INITIALIZING);
                if (!start.serve()) {
                    start.replyTo().tell(StartResult.Started.STARTED);
                    return live();
                }
                listeners.tell(new ListenerManager.Start(
                        bootstrap.listeners(),
                        bootstrap.dynamicResources().listeners(),
                        context.messageAdapter(ListenerManager.StartResult.class, ListenersStarted::new)));
                return startingListeners(start);
            }
            return onOther(command, Optional.of(start));
        });
    }

    /** Nothing is accepted yet. */
    private Behavior<Command> startingListeners(Start start) {
        return Behaviors.receiveMessage(command -> switch (command) {
            case ListenersStarted(var result) ->
                switch (result) {
                    case ListenerManager.StartResult.Started _ -> {
                        state.advance(Phase.LIVE);
                        start.replyTo().tell(StartResult.Started.STARTED);
                        yield live();
                    }
                    case ListenerManager.StartResult.Failed(var cause) -> {
                        start.replyTo().tell(new StartResult.Failed(cause));
                        yield stop(Duration.ZERO);
                    }
                };
            default -> onOther(command, Optional.of(start));
        });
    }

    private Behavior<Command> live() {
        return Behaviors.receiveMessage(command -> onOther(command, Optional.empty()));
    }

    private Behavior<Command> onOther(Command command, Optional<Start> starting) {
        switch (command) {
            case Stop(var grace) -> {
                starting.ifPresent(start -> start.replyTo()
                        .tell(new StartResult.Failed(new IllegalStateException("stopped before it had started"))));
                return stop(grace);
            }
            case ToClusters(var forward) -> clusters.tell(forward);
            case ToListeners(var forward) -> listeners.tell(forward);
            case ToRoutes(var forward) -> routes.tell(forward);
            case ToRuntime(var forward) -> runtime.tell(forward);
            case GetState(var replyTo) ->
                replyTo.tell(new State(
                        state.phase(), discovery, secrets, clusters, listeners, routes, runtime, healthDiscovery));
            case Event event -> {
                if (event == Event.FLUSH) {
                    flush.run();
                }
            }
            case Assemble _, Start _, ListenersStarted _ -> {}
        }
        return Behaviors.same();
    }

    // ---- the end --------------------------------------------------------------------------------------------------

    private Behavior<Command> stop(Duration grace) {
        state.advance(Phase.DRAINING);
        listeners.tell(new ListenerManager.Shutdown(
                context.messageAdapter(ListenerManager.Closed.class, _ -> Event.LISTENERS_CLOSED)));
        return stopping(grace);
    }

    /** Exchanges in flight have the grace to end. */
    private Behavior<Command> stopping(Duration grace) {
        if (grace.isZero()) {
            listeners.tell(ListenerManager.CloseNow.CLOSE_NOW);
            timers.startSingleTimer(GRACE, Event.GRACE_OVER, CLOSING);
            return closing();
        }
        timers.startSingleTimer(GRACE, Event.GRACE_OVER, grace);
        return Behaviors.receiveMessage(command -> switch (command) {
            case Stop(var shorter) -> shorter.compareTo(grace) < 0 ? stopping(shorter) : Behaviors.same();
            case Event event ->
                switch (event) {
                    case LISTENERS_CLOSED -> Behaviors.stopped();
                    case GRACE_OVER -> stopping(Duration.ZERO);
                    case FLUSH, CLUSTERS_INITIALIZED -> onOther(command, Optional.empty());
                };
            default -> onOther(command, Optional.empty());
        });
    }

    /** Everything was told to close. */
    private Behavior<Command> closing() {
        return Behaviors.receiveMessage(command -> switch (command) {
            case Stop _ -> Behaviors.same();
            case Event event ->
                switch (event) {
                    case LISTENERS_CLOSED, GRACE_OVER -> Behaviors.stopped();
                    case FLUSH, CLUSTERS_INITIALIZED -> onOther(command, Optional.empty());
                };
            default -> onOther(command, Optional.empty());
        });
    }
}
