package dev.starling.runtime.control.cluster;

import dev.starling.healthcheck.active.HealthCheckStats;
import dev.starling.runtime.stats.Counter;
import dev.starling.runtime.stats.Gauge;
import dev.starling.runtime.stats.StatsScope;

/** {@code cluster.<name>.health_check.*}, under Envoy's names. */
public final class HealthCheckCounters implements HealthCheckStats {

    private final Counter attempt;
    private final Counter success;
    private final Counter failure;
    private final Counter networkFailure;
    private final Counter passiveFailure;
    private final Gauge healthy;
    private final Gauge degraded;

    /** @param scope {@code cluster.<name>.health_check.} */
    public HealthCheckCounters(StatsScope scope) {
        attempt = scope.counter("attempt");
        success = scope.counter("success");
        failure = scope.counter("failure");
        networkFailure = scope.counter("network_failure");
        passiveFailure = scope.counter("passive_failure");
        scope.counter("verify_cluster"); // of service_name_matcher: shown, and never counted yet
        healthy = scope.gauge("healthy");
        degraded = scope.gauge("degraded");
    }

    @Override
    public void attempt() {
        attempt.inc();
    }

    @Override
    public void success() {
        success.inc();
    }

    @Override
    public void failure() {
        failure.inc();
    }

    @Override
    public void networkFailure() {
        networkFailure.inc();
    }

    @Override
    public void passiveFailure() {
        passiveFailure.inc();
    }

    @Override
    public void healthy(int delta) {
        healthy.add(delta);
    }

    @Override
    public void degraded(int delta) {
        degraded.add(delta);
    }
}
