package dev.starling.config.listener.filter;

import java.time.Duration;

/**
 * Starling's own {@code starling.listener_filters.protocol_detection}.
 *
 * @param timeout after which what the client has said so far must do
 * @param clientSilence after which a client that has said nothing is taken to wait for the server
 * @param rememberFor how long a destination whose server spoke first is not waited at
 * @param maxDestinations that are remembered, the one longest unused is forgotten first
 */
public record ProtocolDetection(Duration timeout, Duration clientSilence, Duration rememberFor, int maxDestinations) {

    public static final ProtocolDetection DEFAULT =
            new ProtocolDetection(Duration.ofSeconds(10), Duration.ofMillis(300), Duration.ofMinutes(10), 1024);
}
