package dev.starling.config.http;

import java.time.Duration;
import java.util.Optional;

/**
 * Timers of the connection manager; {@link Duration#ZERO} turns one off.
 *
 * @param connectionIdle no stream is active: default 1 h
 * @param streamIdle no event on a stream: default 5 min; a route may override it
 * @param request whole request received: off
 * @param requestHeaders request headers received: off
 * @param maxStreamDuration absent: none
 * @param maxConnectionDuration absent: none
 * @param drain between the first and the last sign of closing: 5 s
 * @param delayedClose wait for the peer to close after an error reply: 1 s
 */
public record HttpTimeouts(
        Duration connectionIdle,
        Duration streamIdle,
        Duration request,
        Duration requestHeaders,
        Optional<Duration> maxStreamDuration,
        Optional<Duration> maxConnectionDuration,
        Duration drain,
        Duration delayedClose) {

    public static final HttpTimeouts DEFAULT = new HttpTimeouts(
            Duration.ofHours(1),
            Duration.ofMinutes(5),
            Duration.ZERO,
            Duration.ZERO,
            Optional.empty(),
            Optional.empty(),
            Duration.ofSeconds(5),
            Duration.ofSeconds(1));
}
