package dev.starling.runtime.http;

import dev.starling.config.route.GrpcTimeouts;
import dev.starling.config.route.RouteAction;
import dev.starling.runtime.grpc.GrpcTimeout;
import dev.starling.runtime.message.HeaderName;
import dev.starling.runtime.message.RequestHead;
import dev.starling.runtime.route.Forward;
import dev.starling.runtime.route.HeaderLines;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * How long an exchange may take in all: what its {@code grpc-timeout} asks for where the route listens to it, or the
 * route's limit, or the connection manager's (Envoy: {@code ActiveStream::refreshDurationTimeout}).
 */
final class StreamDuration {

    static final long UNLIMITED = -1;

    private StreamDuration() {}

    /** In nanoseconds; 0 is over at once. Tells the upstream in its {@code grpc-timeout} what there is. */
    static long limit(Exchange exchange, Optional<Duration> ofManager) {
        RouteAction action = exchange.route() instanceof Forward forward ? forward.action() : null;
        Optional<Duration> ofRoute = action == null ? Optional.empty() : action.maxStreamDuration();
        GrpcTimeouts grpc = action == null ? GrpcTimeouts.NONE : action.grpcTimeouts();
        long millis = (ofRoute.isPresent() ? ofRoute : ofManager)
                .orElse(Duration.ZERO)
                .toMillis();
        if (millis == 0 && grpc.headerMax().isEmpty()) {
            return UNLIMITED;
        }
        RequestHead request = exchange.request();
        if (grpc.headerMax().isPresent()) {
            long asked = GrpcTimeout.parseMillis(HeaderLines.join(request.headers(), HeaderName.GRPC_TIMEOUT));
            if (asked != GrpcTimeout.NONE) {
                millis = GrpcTimeout.ofStream(asked, grpc.headerMax().get(), grpc.headerOffset());
            } else if (millis == 0) {
                return UNLIMITED;
            }
        }
        if (grpc.tellsStream() && exchange.grpc()) {
            request.headers().set(HeaderName.GRPC_TIMEOUT, GrpcTimeout.text(millis));
        }
        return TimeUnit.MILLISECONDS.toNanos(millis);
    }
}
