package dev.starling.runtime.http.filter.router;

import static org.assertj.core.api.Assertions.assertThat;

import dev.starling.config.cluster.CircuitBreakers;
import dev.starling.config.route.RetryPolicy;
import dev.starling.config.route.RetryPolicy.Backoff;
import dev.starling.config.route.RetryPolicy.RateLimited;
import dev.starling.config.route.RetryPolicy.ResetHeader;
import dev.starling.healthcheck.outlier.OutlierMonitor;
import dev.starling.runtime.cluster.ClusterStats;
import dev.starling.runtime.cluster.ClusterTraffic;
import dev.starling.runtime.layered.RuntimeSnapshot;
import dev.starling.runtime.loop.OneLoop;
import dev.starling.runtime.message.Headers;
import dev.starling.runtime.message.Protocol;
import dev.starling.runtime.message.ResponseHead;
import dev.starling.runtime.stats.StatsStore;
import dev.starling.runtime.time.HeldClock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

class RetryBackoffTest {

    private static final HeldClock CLOCK = new HeldClock();
    private static final OneLoop ONE = new OneLoop(CLOCK.clock());

    /** How many times each wait is drawn: one that may be too long is found with a probability of next to one. */
    private static final int DRAWS = 2000;

    private final ClusterStats stats = new ClusterTraffic(
                    new StatsStore(1).scope("cluster.c."), CircuitBreakers.DEFAULT, OutlierMonitor.OFF)
            .stats();

    @AfterAll
    static void stop() {
        ONE.close();
    }

    private static RetryPolicy policy(Backoff backoff, Optional<RateLimited> rateLimited) {
        return new RetryPolicy(
                Set.of(),
                1,
                Duration.ZERO,
                Duration.ZERO,
                Set.of(),
                List.of(),
                List.of(),
                backoff,
                rateLimited,
                List.of(),
                1);
    }

    /** The longest of many draws of the first, second, third … wait, in milliseconds. */
    private long[] longest(RetryPolicy policy, int waits) {
        long[] longest = new long[waits];
        for (int i = 0; i < DRAWS; i++) {
            RetryBackoff backoff = new RetryBackoff(policy, RuntimeSnapshot.EMPTY, ONE.loop(), stats);
            for (int wait = 0; wait < waits; wait++) {
                longest[wait] = Math.max(longest[wait], TimeUnit.NANOSECONDS.toMillis(backoff.nextNanos()));
            }
        }
        return longest;
    }

    @Test
    void doublesUpToTenTimesTheBase() {
        assertThat(longest(policy(Backoff.DEFAULT, Optional.empty()), 6)).containsExactly(24, 49, 99, 199, 249, 249);
    }

    @Test
    void keepsToTheMostThatIsConfigured() {
        Backoff backoff = new Backoff(Optional.of(Duration.ofMillis(4)), Optional.of(Duration.ofMillis(6)));
        assertThat(longest(policy(backoff, Optional.empty()), 3)).containsExactly(3, 5, 5);
    }

    @Test
    void waitsAsLongAsTheUpstreamSaysAndHalfAsLongAgainAtMost() {
        RateLimited limits = new RateLimited(
                List.of(new ResetHeader("x-reset", false), new ResetHeader("x-at", true)), Duration.ofSeconds(60));
        RetryBackoff backoff = new RetryBackoff(
                policy(Backoff.DEFAULT, Optional.of(limits)), RuntimeSnapshot.EMPTY, ONE.loop(), stats);
        long at = TimeUnit.MILLISECONDS.toSeconds(CLOCK.clock().wallMillis()) + 10;

        backoff.heed(response("x-reset", "2"));
        assertThat(millis(backoff)).isBetween(2000L, 2999L);
        assertThat(millis(backoff)).as("once only").isLessThan(25);
        backoff.heed(response("x-reset", "soon", "x-at", Long.toString(at)));
        assertThat(millis(backoff)).isBetween(10_000L, 14_999L);
        backoff.heed(response("x-reset", "61"));
        assertThat(millis(backoff)).as("too long").isLessThan(50);
        assertThat(stats.rqRetryBackoffRatelimited.value()).isEqualTo(2);
        assertThat(stats.rqRetryBackoffExponential.value()).isEqualTo(2);
    }

    private static long millis(RetryBackoff backoff) {
        long nanos = backoff.nextNanos();
        backoff.waited();
        return TimeUnit.NANOSECONDS.toMillis(nanos);
    }

    private static ResponseHead response(String... namesAndValues) {
        Headers headers = new Headers();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            headers.add(namesAndValues[i], namesAndValues[i + 1]);
        }
        return new ResponseHead(429, Protocol.HTTP_1_1, headers, 0, true);
    }
}
