package dev.starling.healthcheck.outlier;

import dev.starling.config.cluster.OutlierDetection;
import dev.starling.healthcheck.outlier.OutlierEvent.Action;
import dev.starling.lb.Endpoint;
import dev.starling.lb.HealthFlag;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.SupervisorStrategy;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/**
 * Ejects the endpoints of one cluster that the data path found failing, and readmits them when their time is over. Owns
 * {@link HealthFlag#FAILED_OUTLIER_CHECK}: sets or clears it on the endpoint's state, then tells the owner of the set.
 */
public final class OutlierDetector {

    public sealed interface Command {}

    /** From {@link OutlierListener}: this many failures in a row, once for each run of them. */
    public record Crossed(Endpoint endpoint, OutlierKind kind) implements Command {}

    /** The endpoints of all priorities, to be told before they are published. */
    public record Members(List<Endpoint> endpoints) implements Command {
        public Members {
            endpoints = List.copyOf(endpoints);
        }
    }

    /** An active check of an ejected endpoint passed. */
    public record PassedActiveCheck(Endpoint endpoint) implements Command {}

    public record GetState(ActorRef<State> replyTo) implements Command {}

    private enum Sweep implements Command {
        SWEEP
    }

    /** For inspection. */
    public record State(String cluster, int endpoints, List<Ejected> ejected) {
        public State {
            ejected = List.copyOf(ejected);
        }

        /**
         * @param ejections ever
         * @param left until the first sweep after it; never negative
         */
        public record Ejected(
                String endpoint, OutlierKind kind, int ejections, int multiplier, Duration since, Duration left) {}
    }

    /**
     * What the detector works with.
     *
     * @param healthChanged the flags of these endpoints have changed: tells the owner of the set, and nothing else
     */
    public record Detecting(
            String clusterName,
            OutlierDetection settings,
            RandomGenerator random,
            LongSupplier nanoTime,
            InstantSource clock,
            OutlierStats stats,
            OutlierEventLog eventLog,
            Consumer<List<Endpoint>> healthChanged) {}

    private final Detecting detecting;
    private final Ejections ejections;

    private OutlierDetector(Detecting detecting, List<Endpoint> members) {
        this.detecting = detecting;
        this.ejections = new Ejections(detecting.settings(), detecting.random());
        ejections.members(members);
    }

    public static Behavior<Command> create(Detecting detecting, List<Endpoint> members) {
        Behavior<Command> detector = Behaviors.withTimers(timers -> {
            timers.startTimerWithFixedDelay(Sweep.SWEEP, detecting.settings().interval());
            return new OutlierDetector(detecting, members).detecting();
        });
        // A restart would forget who is ejected, and they would stay out for ever.
        return Behaviors.supervise(detector).onFailure(SupervisorStrategy.resume());
    }

    private Behavior<Command> detecting() {
        return Behaviors.receive(Command.class)
                .onAnyMessage(command -> {
                    switch (command) {
                        case Crossed(var endpoint, var kind) -> onCrossed(endpoint, kind);
                        case Members(var endpoints) -> onMembers(endpoints);
                        case PassedActiveCheck(var endpoint) -> onPassedActiveCheck(endpoint);
                        case GetState(var replyTo) -> replyTo.tell(state());
                        case Sweep.SWEEP -> onSweep();
                    }
                    return Behaviors.same();
                })
                .onSignal(PostStop.class, _ -> {
                    readmitAll();
                    return Behaviors.same();
                })
                .build();
    }

    private void onCrossed(Endpoint endpoint, OutlierKind kind) {
        if (!ejections.isCandidate(endpoint)) {
            return;
        }
        // Ejected or not: the next run of failures is to be seen even if no success comes between.
        switch (kind) {
            case CONSECUTIVE_5XX -> endpoint.state().consecutive5xx().set(0);
            case CONSECUTIVE_GATEWAY_FAILURE ->
                endpoint.state().consecutiveGatewayFailure().set(0);
        }
        var stats = detecting.stats();
        stats.detected(kind);
        long nowNanos = now();
        var sinceReadmission = ejections.history(endpoint).secondsSinceReadmission(nowNanos);
        switch (ejections.judge(endpoint, kind, nowNanos)) {
            case OVERFLOW -> stats.overflow();
            case NOT_ENFORCED -> {
                stats.notEnforced(kind);
                log(endpoint, kind, Action.EJECT, sinceReadmission, false);
            }
            case EJECTED -> {
                endpoint.state().set(HealthFlag.FAILED_OUTLIER_CHECK);
                stats.enforced(kind);
                stats.active(1);
                log(endpoint, kind, Action.EJECT, sinceReadmission, true);
                detecting.healthChanged().accept(List.of(endpoint));
            }
        }
    }

    private void onMembers(List<Endpoint> endpoints) {
        var before = ejections.ejected();
        ejections.members(endpoints);
        for (var endpoint : before) {
            if (!ejections.isEjected(endpoint)) {
                endpoint.state().clear(HealthFlag.FAILED_OUTLIER_CHECK);
                detecting.stats().active(-1);
            }
        }
    }

    private void onPassedActiveCheck(Endpoint endpoint) {
        long nowNanos = now();
        if (detecting.settings().successfulActiveHealthCheckUnejects()
                && !endpoint.state().has(HealthFlag.FAILED_ACTIVE_HC)
                && ejections.readmit(endpoint, nowNanos)) {
            readmitted(List.of(endpoint), nowNanos);
        }
    }

    private void onSweep() {
        long nowNanos = now();
        readmitted(ejections.sweep(nowNanos), nowNanos);
    }

    /** The detector ends, with the cluster or with its settings: nobody else would readmit them. */
    private void readmitAll() {
        long nowNanos = now();
        var ejected = ejections.ejected();
        ejected.forEach(endpoint -> ejections.readmit(endpoint, nowNanos));
        readmitted(ejected, nowNanos);
    }

    private void readmitted(List<Endpoint> endpoints, long nowNanos) {
        if (endpoints.isEmpty()) {
            return;
        }
        for (var endpoint : endpoints) {
            // Both counters, so that the one which did not trigger is not left just below its threshold.
            endpoint.state().consecutive5xx().set(0);
            endpoint.state().consecutiveGatewayFailure().set(0);
            endpoint.state().clear(HealthFlag.FAILED_OUTLIER_CHECK);
            var sinceEjection = ejections.history(endpoint).secondsSinceEjection(nowNanos);
            log(endpoint, OutlierKind.CONSECUTIVE_5XX, Action.UNEJECT, sinceEjection, false);
        }
        detecting.stats().active(-endpoints.size());
        detecting.healthChanged().accept(endpoints);
    }

    private void log(
            Endpoint endpoint, OutlierKind kind, Action action, OptionalLong secondsSinceLast, boolean enforced) {
        detecting
                .eventLog()
                .append(new OutlierEvent(
                        kind,
                        detecting.clock().instant(),
                        secondsSinceLast,
                        detecting.clusterName(),
                        endpoint.addressText(),
                        action,
                        ejections.history(endpoint).ejections(),
                        enforced));
    }

    private State state() {
        long nowNanos = now();
        var ejected = ejections.ejected().stream()
                .map(endpoint -> describe(endpoint, nowNanos))
                .toList();
        return new State(detecting.clusterName(), ejections.size(), ejected);
    }

    private State.Ejected describe(Endpoint endpoint, long nowNanos) {
        var history = ejections.history(endpoint);
        var since = Duration.ofNanos(nowNanos - history.ejectedAtNanos());
        var left =
                Duration.ofMillis(history.ejectionMillis(detecting.settings())).minus(since);
        return new State.Ejected(
                endpoint.addressText(),
                history.lastKind(),
                history.ejections(),
                history.multiplier(),
                since,
                left.isNegative() ? Duration.ZERO : left);
    }

    private long now() {
        return detecting.nanoTime().getAsLong();
    }
}
