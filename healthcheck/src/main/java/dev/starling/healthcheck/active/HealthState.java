package dev.starling.healthcheck.active;

import dev.starling.config.cluster.HealthCheck;
import dev.starling.lb.EndpointState;
import dev.starling.lb.HealthFlag;
import java.util.ArrayList;
import java.util.List;

/**
 * What the checks of one endpoint have shown so far; the transitions of Envoy's {@code HealthCheckerImplBase}.
 *
 * <p>The first result ever counts alone. After it, an endpoint becomes healthy after {@code healthyThreshold} passes in a
 * row, and unhealthy after {@code unhealthyThreshold} failures in a row of the network or with a retriable status, but at
 * once after an answer that is plainly wrong.
 *
 * @param flags those of {@link #FLAGS} that are set
 * @param checked whether there has been a result
 * @param passes in a row, while unhealthy
 * @param failures in a row that count towards the threshold
 */
public record HealthState(int flags, boolean checked, int passes, int failures) {

    private static final int FAILED = HealthFlag.FAILED_ACTIVE_HC.bit();
    private static final int DEGRADED = HealthFlag.DEGRADED_ACTIVE_HC.bit();
    private static final int PENDING = HealthFlag.PENDING_ACTIVE_HC.bit();
    private static final int EXCLUDED = HealthFlag.EXCLUDED_VIA_IMMEDIATE_HC_FAIL.bit();
    private static final int TIMEOUT = HealthFlag.ACTIVE_HC_TIMEOUT.bit();

    /** The flags that the active checks own, and nobody else writes. */
    public static final int FLAGS = FAILED | DEGRADED | PENDING | EXCLUDED | TIMEOUT;

    /** Whether the last result changed what the endpoint counts as. */
    public enum Transition {
        UNCHANGED,
        /** The result pulls the other way, but its threshold is not reached. */
        PENDING,
        CHANGED
    }

    /** The thresholds of a {@link HealthCheck}. */
    public record Thresholds(int healthy, int unhealthy) {
        public static Thresholds of(HealthCheck check) {
            return new Thresholds(check.healthyThreshold(), check.unhealthyThreshold());
        }
    }

    /** A result's consequences, the events in the order of Envoy's log. */
    public record Step(HealthState state, Transition transition, List<HealthEvent> events) {
        public Step {
            events = List.copyOf(events);
        }
    }

    public HealthState {
        if ((flags & ~FLAGS) != 0) {
            throw new IllegalArgumentException("flags of others: " + Integer.toHexString(flags & ~FLAGS));
        }
    }

    /** The state of an endpoint not checked yet, or not since its actor started. */
    public static HealthState of(EndpointState endpoint) {
        return new HealthState(endpoint.healthFlags() & FLAGS, false, 0, 0);
    }

    public boolean failed() {
        return has(FAILED);
    }

    public boolean degraded() {
        return has(DEGRADED);
    }

    /** Whether a picker would see the endpoint otherwise than in {@code other}: a time-out is only shown. */
    public boolean picksDifferently(HealthState other) {
        return ((flags ^ other.flags) & ~TIMEOUT) != 0;
    }

    public Step after(ProbeResult result, Thresholds thresholds) {
        return switch (result) {
            case ProbeResult.Passed passed -> afterPass(passed.degraded(), thresholds);
            case ProbeResult.FailedResponse failed ->
                afterFailure(FailureType.ACTIVE, true, failed.status(), failed.exclude(), thresholds);
            case ProbeResult.RetriableResponse retriable ->
                afterFailure(FailureType.ACTIVE, false, retriable.status(), retriable.exclude(), thresholds);
            case ProbeResult.NetworkFailure _ -> afterFailure(FailureType.NETWORK, false, 0, false, thresholds);
            case ProbeResult.TimedOut _ -> afterFailure(FailureType.NETWORK_TIMEOUT, false, 0, false, thresholds);
        };
    }

    /** The endpoint asked to be taken out by {@code x-envoy-immediate-health-check-fail} in an answer to a request. */
    public Step afterPassiveFailure(Thresholds thresholds) {
        return afterFailure(FailureType.PASSIVE, true, 0, true, thresholds);
    }

    private Step afterPass(boolean nowDegraded, Thresholds thresholds) {
        var transition = Transition.UNCHANGED;
        var events = new ArrayList<HealthEvent>();
        int nextFlags = flags;
        int nextPasses = passes;
        if (failed()) {
            if (!checked || ++nextPasses == thresholds.healthy()) {
                nextFlags &= ~FAILED;
                transition = Transition.CHANGED;
                events.add(new HealthEvent.AddHealthy(!checked));
            } else {
                transition = Transition.PENDING;
            }
        }
        if ((nextFlags & FAILED) == 0) {
            nextFlags &= ~(TIMEOUT | EXCLUDED);
        }
        if (has(PENDING)) {
            nextFlags &= ~PENDING;
            transition = Transition.CHANGED;
        }
        if (nowDegraded != degraded()) {
            nextFlags ^= DEGRADED;
            events.add(nowDegraded ? new HealthEvent.DegradedHealthyHost() : new HealthEvent.NoLongerDegradedHost());
            // Degraded has no threshold, but a pending return to health stays pending.
            transition = transition == Transition.UNCHANGED ? Transition.CHANGED : transition;
        }
        return new Step(new HealthState(nextFlags, true, nextPasses, 0), transition, events);
    }

    private Step afterFailure(
            FailureType type, boolean atOnce, int httpStatus, boolean exclude, Thresholds thresholds) {
        var transition = Transition.UNCHANGED;
        var events = new ArrayList<HealthEvent>();
        int nextFlags = exclude ? flags | EXCLUDED : flags;
        int nextFailures = failures;
        if (!failed()) {
            if (atOnce || ++nextFailures == thresholds.unhealthy()) {
                nextFlags |= FAILED;
                transition = Transition.CHANGED;
                events.add(new HealthEvent.EjectUnhealthy(type, httpStatus));
            } else {
                transition = Transition.PENDING;
            }
        }
        // While it stays failed, the flag shows whether the last check timed out or failed in another way.
        boolean failedByTimeout = type == FailureType.NETWORK_TIMEOUT && (nextFlags & FAILED) != 0;
        nextFlags = failedByTimeout ? nextFlags | TIMEOUT : nextFlags & ~TIMEOUT;
        if (has(PENDING)) {
            nextFlags &= ~PENDING;
            transition = Transition.CHANGED;
        }
        if (!checked) {
            events.add(new HealthEvent.CheckFailure(type, true, httpStatus));
        }
        return new Step(new HealthState(nextFlags, true, 0, nextFailures), transition, events);
    }

    private boolean has(int flag) {
        return (flags & flag) != 0;
    }
}
