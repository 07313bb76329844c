package dev.starling.runtime.http.filter.router;

import dev.starling.config.http.RouterConfig;
import dev.starling.config.route.GrpcTimeouts;
import dev.starling.runtime.grpc.GrpcTimeout;
import dev.starling.runtime.message.HeaderName;
import dev.starling.runtime.message.Headers;
import dev.starling.runtime.route.Forward;
import dev.starling.runtime.route.HeaderLines;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * How long the upstream may take: what the route says, or a trusted client asks for. The headers that ask are not passed on
 * (Envoy: {@code FilterUtility::finalTimeout}).
 */
final class RequestTimeout {

    /** What asks for retries is for this proxy, not for the upstream. */
    private static final List<HeaderName> RETRY_POLICY = List.of(
            HeaderName.X_ENVOY_RETRY_ON,
            HeaderName.X_ENVOY_RETRY_GRPC_ON,
            HeaderName.X_ENVOY_MAX_RETRIES,
            HeaderName.X_ENVOY_RETRIABLE_STATUS_CODES,
            HeaderName.X_ENVOY_RETRIABLE_HEADER_NAMES,
            HeaderName.X_ENVOY_HEDGE_ON_PER_TRY_TIMEOUT,
            HeaderName.X_ENVOY_UPSTREAM_RQ_PER_TRY_TIMEOUT_MS);

    private RequestTimeout() {}

    /**
     * Of all attempts together, in nanoseconds; 0 is for ever.
     *
     * @param envoyHeaders whether there are headers whose names begin with {@code x-envoy-}
     */
    static long take(Forward to, Headers headers, boolean grpc, boolean envoyHeaders, RouterConfig config) {
        long nanos = grpcDecides(to, grpc) ? grpcTimeout(to.action().grpcTimeouts(), headers) : to.timeoutNanos();
        return envoyHeaders ? asked(nanos, headers, config) : nanos;
    }

    /** Of each attempt, in nanoseconds; 0 is for as long as all together may take, and so is more than that. */
    static long takePerTry(Forward to, Headers headers, boolean envoyHeaders, long allNanos) {
        long nanos = to.entry().retries().policy().perTryTimeout().toNanos();
        if (envoyHeaders) {
            String asked = headers.get(HeaderName.X_ENVOY_UPSTREAM_RQ_PER_TRY_TIMEOUT_MS);
            nanos = asked == null ? nanos : Millis.parse(asked, nanos);
            headers.removeAll(RETRY_POLICY);
        }
        return allNanos > 0 && nanos >= allNanos ? 0 : nanos;
    }

    /** The longest that one attempt may last, in nanoseconds; 0 if nobody says. */
    static long takeDuration(Headers headers) {
        String asked = headers.get(HeaderName.X_ENVOY_UPSTREAM_STREAM_DURATION_MS);
        if (asked == null) {
            return 0;
        }
        headers.remove(HeaderName.X_ENVOY_UPSTREAM_STREAM_DURATION_MS);
        return Millis.parse(asked, 0);
    }

    private static long asked(long nanos, Headers headers, RouterConfig config) {
        String expected =
                config.respectExpectedRqTimeout() ? headers.get(HeaderName.X_ENVOY_EXPECTED_RQ_TIMEOUT_MS) : null;
        if (expected != null) {
            return Millis.parse(expected, nanos);
        }
        String asked = headers.get(HeaderName.X_ENVOY_UPSTREAM_RQ_TIMEOUT_MS);
        if (asked != null) {
            headers.remove(HeaderName.X_ENVOY_UPSTREAM_RQ_TIMEOUT_MS);
            return Millis.parse(asked, nanos);
        }
        return nanos;
    }

    /** Whether {@code grpc-timeout} has a say, and so is told on. */
    static boolean grpcDecides(Forward to, boolean grpc) {
        return grpc && to.action().grpcTimeouts().max().isPresent();
    }

    private static long grpcTimeout(GrpcTimeouts limits, Headers headers) {
        long asked = GrpcTimeout.parseMillis(HeaderLines.join(headers, HeaderName.GRPC_TIMEOUT));
        return TimeUnit.MILLISECONDS.toNanos(
                GrpcTimeout.ofRouter(asked, limits.max().orElse(Duration.ZERO), limits.offset()));
    }
}
