package dev.starling.runtime.control.cluster;

import dev.starling.config.cluster.Cluster.DnsSettings;
import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * When a name is asked for again: after success by {@code dns_refresh_rate} or the records' time to live, after failure by
 * Envoy's {@code JitteredExponentialBackOffStrategy} where {@code dns_failure_refresh_rate} is configured.
 */
final class DnsSchedule {

    /** Never less, or a name that answers at once would spin. */
    private static final Duration MINIMUM = Duration.ofMillis(1);

    private final DnsSettings settings;
    private final RandomGenerator random;
    private Duration nextFailure;

    DnsSchedule(DnsSettings settings, RandomGenerator random) {
        this.settings = settings;
        this.random = random;
        this.nextFailure = firstFailure();
    }

    private Duration firstFailure() {
        return settings.failureRefreshBase().orElse(settings.refreshRate());
    }

    /** @param minTtl zero if the answer has none */
    Duration afterSuccess(Duration minTtl) {
        nextFailure = firstFailure();
        Duration rate = settings.respectTtl() && !minTtl.isZero() ? minTtl : settings.refreshRate();
        return atLeast(rate.plusMillis(below(settings.jitter())));
    }

    Duration afterFailure() {
        if (settings.failureRefreshBase().isEmpty()) {
            return atLeast(settings.refreshRate());
        }
        Duration interval = nextFailure;
        Duration max = settings.failureRefreshMax();
        nextFailure = interval.compareTo(max.dividedBy(2)) < 0 ? interval.multipliedBy(2) : max;
        return atLeast(Duration.ofMillis(below(interval)));
    }

    private long below(Duration bound) {
        long millis = bound.toMillis();
        return millis > 0 ? random.nextLong(millis) : 0;
    }

    private static Duration atLeast(Duration delay) {
        return delay.compareTo(MINIMUM) < 0 ? MINIMUM : delay;
    }
}
