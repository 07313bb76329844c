package dev.starling.runtime.http.filter.router;

import dev.starling.config.RuntimeUint32;
import dev.starling.config.route.RetryPolicy;
import dev.starling.config.route.RetryPolicy.RateLimited;
import dev.starling.config.route.RetryPolicy.ResetHeader;
import dev.starling.runtime.cluster.ClusterStats;
import dev.starling.runtime.layered.RuntimeSnapshot;
import dev.starling.runtime.loop.Loop;
import dev.starling.runtime.message.ResponseHead;
import dev.starling.runtime.stats.Counter;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * How long one request waits before it is sent again: a draw from nothing to an interval that doubles from the base to the most,
 * or what the upstream asked for and up to half as much again. Milliseconds, as Envoy counts. Confined to the loop.
 */
final class RetryBackoff {

    private static final RuntimeUint32 BASE_MILLIS = new RuntimeUint32(25, "upstream.base_retry_backoff_ms");
    private static final int MAX_OF_BASE = 10;

    private final RetryPolicy policy;
    private final Loop loop;
    private final ClusterStats stats;
    private final long max;
    private long interval;
    private long askedFor;
    private Counter counter;

    RetryBackoff(RetryPolicy policy, RuntimeSnapshot runtime, Loop loop, ClusterStats stats) {
        this.policy = policy;
        this.loop = loop;
        this.stats = stats;
        this.counter = stats.rqRetryBackoffExponential;
        this.interval = Math.max(
                1, policy.backoff().base().map(Duration::toMillis).orElseGet(() -> runtime.number(BASE_MILLIS)));
        this.max = Math.max(
                interval, policy.backoff().max().map(Duration::toMillis).orElse(interval * MAX_OF_BASE));
    }

    /** Notes what the response says of when to come again, if the policy wants to know. */
    void heed(ResponseHead response) {
        if (policy.rateLimited().isEmpty()) {
            return;
        }
        RateLimited limits = policy.rateLimited().get();
        for (ResetHeader header : limits.headers()) {
            long millis = millis(header, response);
            if (millis >= 0 && millis <= limits.max().toMillis()) {
                askedFor = millis;
                return;
            }
        }
    }

    /** -1 if it does not say. */
    private long millis(ResetHeader header, ResponseHead response) {
        String value = response.get(header.name());
        if (value == null) {
            return -1;
        }
        try {
            long seconds = Long.parseLong(value.strip());
            long fromNow = header.timestamp()
                    ? seconds - TimeUnit.MILLISECONDS.toSeconds(loop.clock().wallMillis())
                    : seconds;
            return fromNow < 0 ? -1 : TimeUnit.SECONDS.toMillis(fromNow);
        } catch (NumberFormatException notANumber) {
            return -1;
        }
    }

    /** The next wait. */
    long nextNanos() {
        long asked = askedFor;
        askedFor = 0;
        counter = asked > 1 ? stats.rqRetryBackoffRatelimited : stats.rqRetryBackoffExponential;
        if (asked > 1) {
            return TimeUnit.MILLISECONDS.toNanos(asked + loop.random().nextLong(asked / 2));
        }
        long drawn = loop.random().nextLong(interval);
        interval = interval < max / 2 ? interval * 2 : max;
        return TimeUnit.MILLISECONDS.toNanos(drawn);
    }

    /** The wait is over: counts by which rule it was. */
    void waited() {
        counter.inc(loop.stats());
    }
}
