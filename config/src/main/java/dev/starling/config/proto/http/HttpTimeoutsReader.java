package dev.starling.config.proto.http;

import dev.starling.config.http.HttpTimeouts;
import dev.starling.config.proto.ValidationContext;
import dev.starling.config.proto.core.DurationReader;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import java.time.Duration;
import java.util.Optional;

/** Reads the timers of a connection manager, from where Envoy keeps them in two messages. */
final class HttpTimeoutsReader {

    private HttpTimeoutsReader() {}

    static HttpTimeouts read(HttpConnectionManager message, ValidationContext context) {
        var common = message.getCommonHttpProtocolOptions();
        var commonAt = context.field("common_http_protocol_options");
        var otherwise = HttpTimeouts.DEFAULT;
        return new HttpTimeouts(
                DurationReader.readOr(
                        otherwise.connectionIdle(),
                        common.hasIdleTimeout(),
                        common.getIdleTimeout(),
                        commonAt.field("idle_timeout")),
                DurationReader.readOr(
                        otherwise.streamIdle(),
                        message.hasStreamIdleTimeout(),
                        message.getStreamIdleTimeout(),
                        context.field("stream_idle_timeout")),
                DurationReader.read(message.getRequestTimeout(), context.field("request_timeout")),
                DurationReader.read(message.getRequestHeadersTimeout(), context.field("request_headers_timeout")),
                unlessZero(DurationReader.read(common.getMaxStreamDuration(), commonAt.field("max_stream_duration"))),
                unlessZero(DurationReader.read(
                        common.getMaxConnectionDuration(), commonAt.field("max_connection_duration"))),
                DurationReader.readOr(
                        otherwise.drain(),
                        message.hasDrainTimeout(),
                        message.getDrainTimeout(),
                        context.field("drain_timeout")),
                DurationReader.readOr(
                        otherwise.delayedClose(),
                        message.hasDelayedCloseTimeout(),
                        message.getDelayedCloseTimeout(),
                        context.field("delayed_close_timeout")));
    }

    private static Optional<Duration> unlessZero(Duration duration) {
        return duration.isZero() ? Optional.empty() : Optional.of(duration);
    }
}
