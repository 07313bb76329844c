package dev.starling.config.http;

import dev.starling.config.Percent;
import java.time.Duration;
import java.util.Optional;

/**
 * {@code envoy.config.core.v3.KeepaliveSettings}: PING frames that a peer has to answer.
 *
 * @param interval between two of them; empty: only {@code idleInterval}
 * @param timeout for the answer; then the connection is closed
 * @param jitter of the interval, which is so much longer at most
 * @param idleInterval a stream on a connection that was silent for so long is preceded by a PING
 */
public record Http2Keepalive(
        Optional<Duration> interval, Duration timeout, Percent jitter, Optional<Duration> idleInterval) {}
