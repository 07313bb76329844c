package dev.starling.runtime.control.cluster;

import dev.starling.config.cluster.HealthCheck;
import dev.starling.config.endpoint.LoadAssignment;
import dev.starling.healthcheck.active.EndpointHealthSession;
import dev.starling.healthcheck.active.EndpointHealthSession.Checking;
import dev.starling.healthcheck.active.HealthCheckEventLog;
import dev.starling.healthcheck.active.HealthCheckStats;
import dev.starling.healthcheck.active.Prober;
import dev.starling.healthcheck.outlier.OutlierDetector;
import dev.starling.lb.Endpoint;
import dev.starling.lb.EndpointReconciler;
import dev.starling.lb.EndpointSet;
import dev.starling.lb.EndpointState;
import dev.starling.lb.FoundEndpoints;
import dev.starling.lb.HealthFlag;
import dev.starling.lb.Reconciliation;
import dev.starling.lb.ResolvedEndpoint;
import dev.starling.runtime.cluster.ClusterStats;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.SupervisorStrategy;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.apache.pekko.japi.function.Function;

/**
 * Owns the endpoints of one version of a cluster: joins what discovery finds to those in service, has each of them checked,
 * and passes the set on, at once when its membership changes and merged within the cluster's window when only health or
 * weights do. A quiet endpoint is a record here; one that is checked has an {@link EndpointHealthSession} beside.
 */
public final class EndpointsActor {

    private static final String MERGING = "merging";

    public sealed interface Command {}

    /**
     * Sent once, first.
     *
     * @param outliers absent: outlier detection is not configured
     * @param awaitDiscovery whether being warm takes a first result of discovery
     */
    public record Begin(Optional<ActorRef<OutlierDetector.Command>> outliers, boolean awaitDiscovery)
            implements Command {}

    /**
     * What discovery has found. Takes the place of what it had found before.
     *
     * @param logical the one endpoint is the same whatever its address: it keeps its state and its connections
     */
    public record Discovered(LoadAssignment assignment, FoundEndpoints endpoints, boolean logical) implements Command {

        public Discovered(LoadAssignment assignment, List<ResolvedEndpoint> endpoints, boolean logical) {
            this(assignment, FoundEndpoints.of(endpoints), logical);
        }
    }

    /** Discovery has tried and has nothing to say: what was found before stays. */
    public enum NothingDiscovered implements Command {
        NOTHING_DISCOVERED
    }

    /** Run when what came before has been seen to. */
    public record Seen(Runnable taken) implements Command {}

    /** The flags of these endpoints have changed; sent by whoever changed them. */
    public record HealthChanged(List<Endpoint> endpoints) implements Command {
        public HealthChanged {
            endpoints = List.copyOf(endpoints);
        }
    }

    /** From the data path: an answer carried {@code x-envoy-immediate-health-check-fail}. */
    public record FailedPassively(Endpoint endpoint) implements Command {}

    public record GetState(ActorRef<State> replyTo) implements Command {}

    private enum Secured implements Command {
        SECURED
    }

    private record Checked(EndpointHealthSession.Report report) implements Command {}

    private enum WindowOver implements Command {
        WINDOW_OVER
    }

    /** What the cluster is told. */
    public sealed interface Report {

        /** Sent once: discovery has spoken and each endpoint it found first has been checked. */
        record Warm(EndpointSet endpoints) implements Report {}

        /** To be published. */
        record Changed(EndpointSet endpoints) implements Report {}
    }

    /** For inspection. */
    public record State(String cluster, String phase, int awaitedChecks, List<EndpointView> endpoints) {
        public State {
            endpoints = List.copyOf(endpoints);
        }
    }

    /**
     * For inspection.
     *
     * @param flags as {@code /clusters} prints them
     * @param session the actor that checks it, if it is checked
     */
    public record EndpointView(
            String address,
            String hostname,
            int priority,
            int weight,
            List<String> flags,
            int activeRequests,
            Optional<ActorRef<EndpointHealthSession.Command>> session) {
        public EndpointView {
            flags = List.copyOf(flags);
        }
    }

    /**
     * What it works with.
     *
     * @param secured complete when endpoints can be connected to: no endpoint is checked before
     * @param checks absent: endpoints are not checked
     */
    public record Owning(
            String cluster,
            EndpointReconciler.Settings settings,
            CompletionStage<Void> secured,
            Duration mergeWindow,
            Optional<HealthChecks> checks,
            ClusterStats stats,
            ClusterManagerStats managerStats,
            LongSupplier nanoTime,
            Consumer<Report> reports) {}

    /**
     * How endpoints are checked.
     *
     * @param random drawn from by several actors at once
     */
    public record HealthChecks(
            HealthCheck check,
            Prober prober,
            RandomGenerator random,
            InstantSource clock,
            BooleanSupplier trafficSeen,
            HealthCheckStats stats,
            HealthCheckEventLog eventLog) {}

    private final Owning owning;
    private final EndpointMembership members;
    private final TimerScheduler<Command> timers;
    private final HealthSessions sessions;
    private Optional<ActorRef<OutlierDetector.Command>> outliers = Optional.empty();
    private MergeWindow window;

    private EndpointsActor(Owning owning, ActorContext<Command> context, TimerScheduler<Command> timers) {
        this.owning = owning;
        this.timers = timers;
        this.members = new EndpointMembership(owning.settings(), owning.stats());
        this.window = MergeWindow.of(owning.mergeWindow());
        ActorRef<Command> self = context.getSelf();
        Optional<Checking> checking = owning.checks()
                .map(checks -> new Checking(
                        owning.cluster(),
                        checks.check(),
                        checks.prober(),
                        checks.random(),
                        checks.clock(),
                        checks.trafficSeen(),
                        checks.stats(),
                        checks.eventLog(),
                        report -> self.tell(new Checked(report))));
        this.sessions = new HealthSessions(checking, "check-", context);
    }

    public static Behavior<Command> create(Owning owning) {
        Behavior<Command> owner = Behaviors.setup(
                context -> Behaviors.withTimers(timers -> new EndpointsActor(owning, context, timers).begin(context)));
        // A restart would forget the endpoints; a fault costs one message.
        return Behaviors.supervise(owner).onFailure(SupervisorStrategy.resume());
    }

    private Behavior<Command> begin(ActorContext<Command> context) {
        if (owning.secured().toCompletableFuture().isDone()) {
            return discovering();
        }
        context.pipeToSelf(owning.secured(), (_, _) -> Secured.SECURED);
        return securing(Optional.empty(), Optional.empty());
    }

    /**
     * Secrets that connections need are awaited.
     *
     * @param found the last word of discovery
     */
    private Behavior<Command> securing(Optional<Begin> begun, Optional<Command> found) {
        return behavior("securing", Set.of(), command -> switch (command) {
            case Begin begin -> securing(Optional.of(begin), found);
            case Discovered discovered -> securing(begun, Optional.of(discovered));
            case NothingDiscovered nothing ->
                found.isPresent() ? Behaviors.same() : securing(begun, Optional.of(nothing));
            case Secured _ -> {
                outliers = begun.flatMap(Begin::outliers);
                if (found.isPresent() && found.get() instanceof Discovered discovered) {
                    join(discovered);
                }
                boolean awaits = begun.isEmpty() || begun.get().awaitDiscovery();
                yield found.isEmpty() && awaits ? discovering() : discovered();
            }
            case HealthChanged _, Checked _, FailedPassively _, GetState _, Seen _, WindowOver _ -> Behaviors.same();
        });
    }

    /** Nothing is known yet. */
    private Behavior<Command> discovering() {
        return behavior("discovering", Set.of(), command -> switch (command) {
            case Begin(var detector, var awaitDiscovery) -> {
                outliers = detector;
                yield awaitDiscovery ? Behaviors.same() : discovered();
            }
            case Discovered found -> {
                join(found);
                yield discovered();
            }
            case NothingDiscovered _ -> discovered();
            case Secured _, HealthChanged _, Checked _, FailedPassively _, GetState _, Seen _, WindowOver _ ->
                Behaviors.same();
        });
    }

    private Behavior<Command> discovered() {
        Set<EndpointState> unchecked = new HashSet<>(sessions.checked());
        return unchecked.isEmpty() ? warm() : checking(unchecked);
    }

    /** The endpoints that were found first are being checked for the first time. */
    private Behavior<Command> checking(Set<EndpointState> unchecked) {
        return behavior("checking", unchecked, command -> switch (command) {
            case Discovered found -> {
                join(found);
                unchecked.retainAll(sessions.checked());
                yield unchecked.isEmpty() ? warm() : Behaviors.same();
            }
            case Checked(var report) -> {
                tellPassed(report);
                if (report.first()) {
                    unchecked.remove(report.endpoint().state());
                }
                yield unchecked.isEmpty() ? warm() : Behaviors.same();
            }
            case FailedPassively(var endpoint) -> failPassively(endpoint);
            case Secured _, HealthChanged _, Begin _, NothingDiscovered _, GetState _, Seen _, WindowOver _ ->
                Behaviors.same();
        });
    }

    private Behavior<Command> warm() {
        owning.reports().accept(new Report.Warm(members.refreshed()));
        return inService();
    }

    /** Every change is published. */
    private Behavior<Command> inService() {
        return behavior("in service", Set.of(), command -> switch (command) {
            case Discovered found -> {
                EndpointSet before = members.endpoints();
                boolean membership = join(found);
                if (members.endpoints() == before) {
                    owning.stats().updateNoRebuild.inc();
                    yield Behaviors.same();
                }
                yield changed(!membership);
            }
            case Checked(var report) -> {
                tellPassed(report);
                yield report.changed() ? changed(report.endpoint()) : Behaviors.same();
            }
            case HealthChanged _ -> changed(true);
            case FailedPassively(var endpoint) -> failPassively(endpoint);
            case WindowOver _ -> {
                owning.managerStats().updatedViaMerge().inc();
                window = window.merged(now());
                yield publish();
            }
            case Secured _, Begin _, NothingDiscovered _, GetState _, Seen _ -> Behaviors.same();
        });
    }

    /** Joins what was found to what is there; whether endpoints came, went or moved. */
    private boolean join(Discovered found) {
        Reconciliation result = members.join(found);
        follow(result);
        if (found.logical()) {
            // Who checks it knows its old address.
            result.changed().forEach(sessions::restart);
        }
        return result.membershipChanged();
    }

    private void follow(Reconciliation result) {
        result.removed().forEach(endpoint -> sessions.stop(endpoint.state()));
        result.added().forEach(sessions::start);
        outliers.ifPresent(detector ->
                detector.tell(new OutlierDetector.Members(result.endpoints().endpoints())));
    }

    private void tellPassed(EndpointHealthSession.Report report) {
        if (report.passed()) {
            outliers.ifPresent(detector -> detector.tell(new OutlierDetector.PassedActiveCheck(report.endpoint())));
        }
    }

    /** An endpoint's health has changed; if discovery had dropped it and now it fails, it goes. */
    private Behavior<Command> changed(Endpoint checked) {
        if (checked.state().has(HealthFlag.PENDING_DYNAMIC_REMOVAL)) {
            Reconciliation result = members.dropFailed();
            if (result.membershipChanged()) {
                follow(result);
                return changed(false);
            }
        }
        return changed(true);
    }

    private Behavior<Command> failPassively(Endpoint endpoint) {
        sessions.failPassively(endpoint.state());
        return Behaviors.same();
    }

    private Behavior<Command> changed(boolean mergeable) {
        MergeWindow.Step step = window.changed(mergeable, now());
        window = step.window();
        if (step.outOfWindow()) {
            owning.managerStats().outOfMergeWindow().inc();
        }
        if (step.cancelled()) {
            owning.managerStats().mergeCancelled().inc();
            timers.cancel(MERGING);
        }
        if (step.arm()) {
            timers.startSingleTimer(MERGING, WindowOver.WINDOW_OVER, owning.mergeWindow());
        }
        if (step.deliver()) {
            owning.managerStats().updated().inc();
            return publish();
        }
        return Behaviors.same();
    }

    private Behavior<Command> publish() {
        owning.reports().accept(new Report.Changed(members.refreshed()));
        return Behaviors.same();
    }

    private Behavior<Command> behavior(
            String phase, Set<EndpointState> unchecked, Function<Command, Behavior<Command>> onCommand) {
        return Behaviors.receive(Command.class)
                .onMessage(GetState.class, ask -> {
                    ask.replyTo().tell(new State(owning.cluster(), phase, unchecked.size(), views()));
                    return Behaviors.same();
                })
                .onMessage(Seen.class, seen -> {
                    seen.taken().run();
                    return Behaviors.same();
                })
                .onAnyMessage(onCommand)
                .build();
    }

    private List<EndpointView> views() {
        return members.endpoints().endpoints().stream()
                .map(endpoint -> new EndpointView(
                        endpoint.addressText(),
                        endpoint.hostname(),
                        endpoint.priority(),
                        endpoint.weight(),
                        HealthFlag.texts(endpoint.state().healthFlags()),
                        endpoint.state().activeRequests(),
                        sessions.find(endpoint.state())))
                .toList();
    }

    private long now() {
        return owning.nanoTime().getAsLong();
    }
}
