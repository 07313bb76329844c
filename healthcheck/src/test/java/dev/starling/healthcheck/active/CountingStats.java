package dev.starling.healthcheck.active;

import java.util.concurrent.atomic.AtomicInteger;

/** Counts in plain sight. */
final class CountingStats implements HealthCheckStats {

    private final AtomicInteger attempts = new AtomicInteger();
    private final AtomicInteger successes = new AtomicInteger();
    private final AtomicInteger failures = new AtomicInteger();
    private final AtomicInteger networkFailures = new AtomicInteger();
    private final AtomicInteger passiveFailures = new AtomicInteger();
    private final AtomicInteger healthy = new AtomicInteger();
    private final AtomicInteger degraded = new AtomicInteger();

    @Override
    public void attempt() {
        attempts.incrementAndGet();
    }

    @Override
    public void success() {
        successes.incrementAndGet();
    }

    @Override
    public void failure() {
        failures.incrementAndGet();
    }

    @Override
    public void networkFailure() {
        networkFailures.incrementAndGet();
    }

    @Override
    public void passiveFailure() {
        passiveFailures.incrementAndGet();
    }

    @Override
    public void healthy(int delta) {
        healthy.addAndGet(delta);
    }

    @Override
    public void degraded(int delta) {
        degraded.addAndGet(delta);
    }

    /** In Envoy's order of names. */
    @Override
    public String toString() {
        return "attempt %s success %s failure %s network_failure %s passive_failure %s healthy %s degraded %s"
                .formatted(attempts, successes, failures, networkFailures, passiveFailures, healthy, degraded);
    }
}
