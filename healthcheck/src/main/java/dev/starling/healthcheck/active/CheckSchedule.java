package dev.starling.healthcheck.active;

import dev.starling.config.cluster.HealthCheck.Intervals;
import dev.starling.healthcheck.active.HealthState.Transition;
import java.time.Duration;
import java.util.random.RandomGenerator;

/** When an endpoint is checked next; Envoy's {@code HealthCheckerImplBase::interval}, in its milliseconds. */
public final class CheckSchedule {

    /** Never less, or a session would spin. */
    private static final long MINIMUM_MILLIS = 1;

    private final Intervals intervals;
    private final RandomGenerator random;

    public CheckSchedule(Intervals intervals, RandomGenerator random) {
        this.intervals = intervals;
        this.random = random;
    }

    /** The pause before the first check; zero unless the endpoints' first checks are to be spread. */
    public Duration initial() {
        long jitter = intervals.initialJitter().toMillis();
        return jitter == 0 ? Duration.ZERO : Duration.ofMillis(Math.max(MINIMUM_MILLIS, random.nextLong(jitter)));
    }

    /**
     * The pause after a check that has ended.
     *
     * @param trafficSeen whether the cluster has ever opened an upstream connection: until then nobody waits for the news
     */
    public Duration next(boolean passed, Transition transition, boolean trafficSeen) {
        long baseMillis =
                base(passed, transition == Transition.PENDING, trafficSeen).toMillis();
        long millis = baseMillis
                + below(intervals.jitterPercent() * baseMillis / 100)
                + below(intervals.jitter().toMillis());
        return Duration.ofMillis(Math.max(MINIMUM_MILLIS, millis));
    }

    private Duration base(boolean passed, boolean pending, boolean trafficSeen) {
        if (!trafficSeen) {
            return passed && !pending ? intervals.noTrafficHealthy() : intervals.noTraffic();
        }
        if (passed) {
            return pending ? intervals.healthyEdge() : intervals.interval();
        }
        return pending ? intervals.unhealthyEdge() : intervals.unhealthy();
    }

    private long below(long boundMillis) {
        return boundMillis > 0 ? random.nextLong(boundMillis) : 0;
    }
}
