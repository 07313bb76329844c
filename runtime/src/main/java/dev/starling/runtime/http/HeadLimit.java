package dev.starling.runtime.http;

import dev.starling.config.http.HttpTimeouts;
import dev.starling.runtime.http.filter.LocalReply;
import dev.starling.runtime.stats.Counter;
import java.time.Duration;
import java.util.Comparator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** How long the rest of a head may take: the soonest of the timeouts that run from the first byte of a request. */
record HeadLimit(long nanos, Counter counter, LocalReply reply) {

    /** Null if there is none. */
    static @Nullable HeadLimit of(HttpTimeouts timeouts, ConnectionManagerStats stats) {
        return Stream.of(
                        of(
                                timeouts.requestHeaders(),
                                stats.rqHeaderTimeout,
                                LocalReply.of(408, "request header timeout", null, "request_header_timeout")),
                        of(timeouts.request(), stats.rqTimeout, ExchangeLimits.slow()),
                        of(timeouts.streamIdle(), stats.rqIdleTimeout, ExchangeLimits.silent(408)),
                        of(
                                timeouts.maxStreamDuration().orElse(Duration.ZERO),
                                stats.rqMaxDurationReached,
                                ExchangeLimits.lasting(408)))
                .filter(limit -> limit.nanos() > 0)
                .min(Comparator.comparingLong(HeadLimit::nanos))
                .orElse(null);
    }

    private static HeadLimit of(Duration timeout, Counter counter, LocalReply reply) {
        return new HeadLimit(timeout.toNanos(), counter, reply);
    }
}
