package dev.starling.healthcheck.active;

import dev.starling.healthcheck.active.EndpointHealthSession.Checking;
import dev.starling.healthcheck.active.EndpointHealthSession.Report;
import dev.starling.healthcheck.active.HealthState.Step;
import dev.starling.healthcheck.active.HealthState.Thresholds;
import dev.starling.healthcheck.active.HealthState.Transition;
import dev.starling.lb.Endpoint;
import dev.starling.lb.HealthFlag;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Carries one endpoint's {@link HealthState} to all who read it: flags first, then gauges, event log and report. */
final class EndpointHealth {

    private static final Logger log = LoggerFactory.getLogger(EndpointHealth.class);

    private final Endpoint endpoint;
    private final Checking checking;
    private final Thresholds thresholds;
    private HealthState state;

    EndpointHealth(Endpoint endpoint, Checking checking) {
        this.endpoint = endpoint;
        this.checking = checking;
        this.thresholds = Thresholds.of(checking.check());
        this.state = HealthState.of(endpoint.state());
        moveGauges(1);
    }

    HealthState state() {
        return state;
    }

    Transition conclude(ProbeResult result) {
        count(result);
        return apply(state.after(result, thresholds), result instanceof ProbeResult.Passed);
    }

    void failPassively() {
        checking.stats().failure();
        checking.stats().passiveFailure();
        apply(state.afterPassiveFailure(thresholds), false);
    }

    /** The endpoint is no longer checked here. Its flags stay as they are: the next session goes on from them. */
    void end() {
        moveGauges(-1);
    }

    private Transition apply(Step step, boolean checkPassed) {
        var before = state;
        state = step.state();
        endpoint.state().replace(HealthState.FLAGS, state.flags());
        if (before.failed() != state.failed()) {
            checking.stats().healthy(state.failed() ? -1 : 1);
        }
        // Envoy forgets to count down here: its gauge `degraded` only rises until the endpoint leaves.
        if (before.degraded() != state.degraded()) {
            checking.stats().degraded(state.degraded() ? 1 : -1);
        }
        step.events().forEach(this::append);

        boolean first = !before.checked();
        boolean passed = checkPassed && !state.failed();
        boolean changed = state.picksDifferently(before);
        boolean mayReadmit = passed && endpoint.state().has(HealthFlag.FAILED_OUTLIER_CHECK);
        if (first || changed || mayReadmit) {
            checking.reports().accept(new Report(endpoint, first, passed, changed));
        }
        return step.transition();
    }

    private void append(HealthEvent event) {
        log.debug("{} of {}: {}", endpoint, checking.clusterName(), event);
        var now = checking.clock().instant();
        checking.eventLog()
                .append(new HealthCheckEventLog.Entry(checking.clusterName(), endpoint, checking.check(), now, event));
    }

    private void count(ProbeResult result) {
        var stats = checking.stats();
        switch (result) {
            case ProbeResult.Passed _ -> stats.success();
            case ProbeResult.FailedResponse _, ProbeResult.RetriableResponse _ -> stats.failure();
            case ProbeResult.NetworkFailure _, ProbeResult.TimedOut _ -> {
                stats.failure();
                stats.networkFailure();
            }
        }
    }

    private void moveGauges(int delta) {
        if (!state.failed()) {
            checking.stats().healthy(delta);
        }
        if (state.degraded()) {
            checking.stats().degraded(delta);
        }
    }
}
