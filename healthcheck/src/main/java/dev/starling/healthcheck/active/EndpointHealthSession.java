package dev.starling.healthcheck.active;

import dev.starling.config.cluster.HealthCheck;
import dev.starling.lb.Endpoint;
import dev.starling.lb.HealthFlag;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.PreRestart;
import org.apache.pekko.actor.typed.SupervisorStrategy;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.apache.pekko.japi.function.Function;

/**
 * Checks one endpoint again and again, for as long as it is in service. Writes the flags of {@link HealthState#FLAGS} on
 * the endpoint's state, and then reports what the owner of the endpoint set must act upon.
 *
 * <p>The owner starts one session for each endpoint whose checks are not disabled, and stops it when the endpoint leaves.
 * Before that, {@link dev.starling.lb.EndpointReconciler} has marked a new endpoint as failed until its first check.
 */
public final class EndpointHealthSession {

    private static final String TIMEOUT = "timeout";
    private static final Duration MAXIMUM_RESTART_BACKOFF = Duration.ofMinutes(1);
    private static final double RESTART_JITTER = 0.2;

    public sealed interface Command {}

    /**
     * An answer to a request carried {@code x-envoy-immediate-health-check-fail}. The data path sends this only while
     * {@link HealthFlag#EXCLUDED_VIA_IMMEDIATE_HC_FAIL} is not set, or every answer would be a message.
     */
    public record PassiveFailure() implements Command {}

    public record GetState(ActorRef<State> replyTo) implements Command {}

    private record Completed(long attempt, ProbeResult result) implements Command {}

    private record PauseOver() implements Command {}

    private record TimeoutOver() implements Command {}

    /**
     * Told after the first check, after each that changed what a picker sees, and after each that passes while the
     * endpoint is ejected, since that may readmit it.
     *
     * @param endpoint as it was when the session began: known by its state, it may have a later configuration by now
     * @param first whether this was the endpoint's first result, for which a warming cluster waits
     * @param passed whether the endpoint is healthy by its checks after a check that passed
     * @param changed whether the endpoint set must be published anew
     */
    public record Report(Endpoint endpoint, boolean first, boolean passed, boolean changed) {}

    /**
     * For inspection.
     *
     * @param flags as {@code /clusters} prints them, of the active checks only
     * @param lastResult empty before the first
     * @param nextDelay the pause that was chosen last
     */
    public record State(
            String cluster,
            String endpoint,
            List<String> flags,
            boolean checking,
            long attempts,
            int passesInARow,
            int failuresInARow,
            String lastResult,
            Optional<Instant> lastResultAt,
            Duration nextDelay) {
        public State {
            flags = List.copyOf(flags);
        }
    }

    /**
     * What the sessions of one cluster share.
     *
     * @param random drawn from by several actors at once: safe for threads, as {@link java.util.Random} is
     * @param trafficSeen whether the cluster has ever opened an upstream connection
     * @param reports called from the sessions: tells the owner of the endpoint set, and nothing else
     */
    public record Checking(
            String clusterName,
            HealthCheck check,
            Prober prober,
            RandomGenerator random,
            InstantSource clock,
            BooleanSupplier trafficSeen,
            HealthCheckStats stats,
            HealthCheckEventLog eventLog,
            Consumer<Report> reports) {}

    private final Endpoint endpoint;
    private final Checking checking;
    private final EndpointHealth health;
    private final CheckSchedule schedule;
    private final Prober.Probe probe;
    private final ActorContext<Command> context;
    private final TimerScheduler<Command> timers;

    private EndpointHealthSession(
            Endpoint endpoint, Checking checking, ActorContext<Command> context, TimerScheduler<Command> timers) {
        this.endpoint = endpoint;
        this.checking = checking;
        this.context = context;
        this.timers = timers;
        this.schedule = new CheckSchedule(checking.check().intervals(), checking.random());
        this.probe = checking.prober().prepare(endpoint, checking.check(), checking.clusterName());
        this.health = new EndpointHealth(endpoint, checking);
    }

    public static Behavior<Command> create(Endpoint endpoint, Checking checking) {
        Behavior<Command> session = Behaviors.setup(context ->
                Behaviors.withTimers(timers -> new EndpointHealthSession(endpoint, checking, context, timers).start()));
        // A bug in a port costs this endpoint some checks, not its whole cluster; what is known of it is in its flags.
        var interval = checking.check().intervals().interval();
        var longest = interval.compareTo(MAXIMUM_RESTART_BACKOFF) > 0 ? interval : MAXIMUM_RESTART_BACKOFF;
        return Behaviors.supervise(session)
                .onFailure(SupervisorStrategy.restartWithBackoff(interval, longest, RESTART_JITTER));
    }

    private Behavior<Command> start() {
        var delay = schedule.initial();
        if (delay.isZero()) {
            // By message, so that a failing first check finds a behavior that can clean up.
            context.getSelf().tell(new PauseOver());
        } else {
            timers.startSingleTimer(new PauseOver(), delay);
        }
        return waiting(new Progress(0, "", Optional.empty(), delay));
    }

    private Behavior<Command> waiting(Progress progress) {
        return behavior(command -> switch (command) {
            case PauseOver() -> attempt(progress);
            case PassiveFailure() -> failPassively();
            case GetState(var replyTo) -> inspect(replyTo, progress, false);
            // A result that crossed its own time-out.
            case TimeoutOver _, Completed _ -> Behaviors.same();
        });
    }

    private Behavior<Command> attempt(Progress before) {
        var progress = before.nextAttempt();
        timers.startSingleTimer(TIMEOUT, new TimeoutOver(), checking.check().timeout());
        checking.stats().attempt();
        probe.start(result -> context.getSelf().tell(new Completed(progress.attempts(), result)));
        return checking(progress);
    }

    private Behavior<Command> checking(Progress progress) {
        return behavior(command -> switch (command) {
            case Completed(var attempt, var result) ->
                attempt == progress.attempts() ? concluded(result, progress) : Behaviors.same();
            case TimeoutOver() -> {
                probe.cancel();
                yield concluded(new ProbeResult.TimedOut(), progress);
            }
            case PassiveFailure() -> failPassively();
            case GetState(var replyTo) -> inspect(replyTo, progress, true);
            case PauseOver() -> Behaviors.same();
        });
    }

    private Behavior<Command> concluded(ProbeResult result, Progress progress) {
        timers.cancel(TIMEOUT);
        var transition = health.conclude(result);
        boolean passed = result instanceof ProbeResult.Passed;
        var delay = schedule.next(passed, transition, checking.trafficSeen().getAsBoolean());
        timers.startSingleTimer(new PauseOver(), delay);
        return waiting(progress.after(result, checking.clock().instant(), delay));
    }

    private Behavior<Command> failPassively() {
        health.failPassively();
        return Behaviors.same();
    }

    private Behavior<Command> inspect(ActorRef<State> replyTo, Progress progress, boolean inFlight) {
        var state = health.state();
        replyTo.tell(new State(
                checking.clusterName(),
                endpoint.addressText(),
                HealthFlag.texts(state.flags()),
                inFlight,
                progress.attempts(),
                state.passes(),
                state.failures(),
                progress.lastResult(),
                progress.lastResultAt(),
                progress.nextDelay()));
        return Behaviors.same();
    }

    private Behavior<Command> behavior(Function<Command, Behavior<Command>> onCommand) {
        return Behaviors.receive(Command.class)
                .onAnyMessage(onCommand)
                .onSignal(PostStop.class, _ -> end())
                .onSignal(PreRestart.class, _ -> end())
                .build();
    }

    private Behavior<Command> end() {
        probe.cancel();
        health.end();
        return Behaviors.same();
    }

    private record Progress(long attempts, String lastResult, Optional<Instant> lastResultAt, Duration nextDelay) {

        Progress nextAttempt() {
            return new Progress(attempts + 1, lastResult, lastResultAt, nextDelay);
        }

        Progress after(ProbeResult result, Instant at, Duration newDelay) {
            return new Progress(attempts, result.reason(), Optional.of(at), newDelay);
        }
    }
}
