package dev.starling.config.route;

import java.time.Duration;
import java.util.Optional;

/**
 * What a route makes of the {@code grpc-timeout} header.
 *
 * @param headerMax {@code max_stream_duration.grpc_timeout_header_max}: present, the header limits the stream; zero: at
 *     any length
 * @param headerOffset taken off what the header limits the stream to
 * @param max {@code max_grpc_timeout}: present, the header replaces the route's timeout; zero: at any length
 * @param offset {@code grpc_timeout_offset}: taken off what the header replaces the timeout with
 */
public record GrpcTimeouts(
        Optional<Duration> headerMax,
        Optional<Duration> headerOffset,
        Optional<Duration> max,
        Optional<Duration> offset) {

    public static final GrpcTimeouts NONE =
            new GrpcTimeouts(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
}
