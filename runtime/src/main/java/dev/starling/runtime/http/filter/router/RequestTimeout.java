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
 * How long the upstream may take: what the route says, or a trusted client asks for. The headers that ask are not passed on,
 * and {@code grpc-timeout} tells what is left (Envoy: {@code FilterUtility::finalTimeout}).
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

    /** In nanoseconds; 0 is for ever. */
    static long take(Forward to, Headers headers, boolean grpc, RouterConfig config) {
        boolean grpcDecides = grpc && to.action().grpcTimeouts().max().isPresent();
        long nanos = grpcDecides ? grpcTimeout(to.action().grpcTimeouts(), headers) : to.timeoutNanos();
        if (headers.anyNameStartsWith("x-envoy-")) {
            nanos = asked(nanos, headers, config);
        }
        if (grpcDecides && nanos > 0) {
            headers.set(HeaderName.GRPC_TIMEOUT, GrpcTimeout.text(TimeUnit.NANOSECONDS.toMillis(nanos)));
        }
        return nanos;
    }

    private static long asked(long nanos, Headers headers, RouterConfig config) {
        String expected =
                config.respectExpectedRqTimeout() ? headers.get(HeaderName.X_ENVOY_EXPECTED_RQ_TIMEOUT_MS) : null;
        String asked = headers.get(HeaderName.X_ENVOY_UPSTREAM_RQ_TIMEOUT_MS);
        headers.removeAll(RETRY_POLICY);
        if (expected != null) {
            return Millis.parse(expected, nanos);
        }
        if (asked != null) {
            headers.remove(HeaderName.X_ENVOY_UPSTREAM_RQ_TIMEOUT_MS);
            return Millis.parse(asked, nanos);
        }
        return nanos;
    }

    private static long grpcTimeout(GrpcTimeouts limits, Headers headers) {
        long asked = GrpcTimeout.parseMillis(HeaderLines.join(headers, HeaderName.GRPC_TIMEOUT));
        return TimeUnit.MILLISECONDS.toNanos(
                GrpcTimeout.ofRouter(asked, limits.max().orElse(Duration.ZERO), limits.offset()));
    }
}
