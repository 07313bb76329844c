package dev.starling.config.listener;

import java.time.Duration;

/**
 * {@code envoy.config.listener.v3.QuicProtocolOptions} of a listener for HTTP/3. Experimental.
 *
 * @param maxConcurrentStreams requests that a client may have open on one connection, 1 or more
 * @param streamWindow bytes that a stream may send ahead of its reader
 * @param connectionWindow bytes of all streams together
 * @param idleTimeout without any packet; then the connection is forgotten in silence
 */
public record QuicOptions(int maxConcurrentStreams, int streamWindow, int connectionWindow, Duration idleTimeout) {

    public static final QuicOptions DEFAULT = new QuicOptions(100, 256 << 10, 24 << 20, Duration.ofMinutes(5));
}
