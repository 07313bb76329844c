package dev.starling.config.route;

import java.time.Duration;
import java.util.Optional;

/**
 * What a route makes of the {@code grpc-timeout} header.
 *
 * @param tellsStream whether a limit of the stream is told to the upstream in the header: where {@code
 *     max_stream_duration} is set at all
 * @param headerMax {@code max_stream_duration.grpc_timeout_header_max}: present, the header limits the stream; zero: at
 *     any length
 * @param headerOffset taken off what the header limits the stream to
 * @param max {@code max_grpc_timeout}: present, the header replaces the route's timeout; zero: at any length
 * @param offset {@code grpc_timeout_offset}: taken off what the header replaces the timeout with
 */
public record GrpcTimeouts(
        boolean tellsStream,
        Optional<Duration> headerMax,
        Optional<Duration> headerOffset,
        Optional<Duration> max,
        Optional<Duration> offset) {

    public static final GrpcTimeouts NONE =
            new GrpcTimeouts(false, Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
}
