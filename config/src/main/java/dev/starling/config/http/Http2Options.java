package dev.starling.config.http;

import java.util.List;
import java.util.Optional;

/**
 * {@code envoy.config.core.v3.Http2ProtocolOptions}, of a listener or a cluster. Envoy's defaults but for the stream window:
 * 256 KiB instead of 16 MiB, because all of it may have to be held while the other side does not read.
 *
 * @param headerTableBytes of either side's table of compressed headers (RFC 7541 4.2)
 * @param maxConcurrentStreams that the peer may open, 1 or more; towards an endpoint, that we open
 * @param streamWindow bytes that a stream may send ahead of its reader, 65,535 or more
 * @param connectionWindow bytes of all streams together, 65,535 or more
 * @param allowConnect extended CONNECT (RFC 8441)
 * @param streamErrorOnInvalidMessage whether a malformed message ends its stream only, not its connection
 * @param customSettings sent behind our own
 */
public record Http2Options(
        long headerTableBytes,
        int maxConcurrentStreams,
        int streamWindow,
        int connectionWindow,
        boolean allowConnect,
        boolean streamErrorOnInvalidMessage,
        Http2FloodLimits floodLimits,
        Optional<Http2Keepalive> keepalive,
        List<Setting> customSettings) {

    public static final Http2Options DEFAULT = new Http2Options(
            4096, 1024, 256 << 10, 24 << 20, false, false, Http2FloodLimits.DEFAULT, Optional.empty(), List.of());

    public Http2Options {
        customSettings = List.copyOf(customSettings);
    }

    public Http2Options withStreamWindow(int bytes) {
        return new Http2Options(
                headerTableBytes,
                maxConcurrentStreams,
                bytes,
                connectionWindow,
                allowConnect,
                streamErrorOnInvalidMessage,
                floodLimits,
                keepalive,
                customSettings);
    }

    /**
     * A parameter of the SETTINGS frame.
     *
     * @param identifier 16 bits
     * @param value 32 bits, unsigned
     */
    public record Setting(int identifier, long value) {}
}
