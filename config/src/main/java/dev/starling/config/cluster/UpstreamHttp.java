package dev.starling.config.cluster;

import dev.starling.config.ByteCount;
import dev.starling.config.http.Http2Options;
import java.time.Duration;
import java.util.Optional;

/**
 * {@code envoy.extensions.upstreams.http.v3.HttpProtocolOptions}: how HTTP is spoken with endpoints.
 *
 * @param idleTimeout zero: none
 * @param maxStreamDuration of one attempt
 * @param maxRequestsPerConnection 0: no limit
 * @param configuredMaxResponseHeaders if configured; {@link #maxResponseHeaders} for what holds
 * @param enableTrailers of HTTP/1
 */
public record UpstreamHttp(
        Version version,
        Duration idleTimeout,
        Optional<Duration> maxConnectionDuration,
        Optional<Duration> maxStreamDuration,
        int maxRequestsPerConnection,
        int maxHeadersCount,
        Optional<ByteCount> configuredMaxResponseHeaders,
        boolean enableTrailers,
        Http2Options http2) {

    public static final UpstreamHttp DEFAULT = new UpstreamHttp(
            Version.HTTP_1,
            Duration.ofHours(1),
            Optional.empty(),
            Optional.empty(),
            0,
            100,
            Optional.empty(),
            false,
            Http2Options.DEFAULT);

    private static final ByteCount HTTP_1_RESPONSE_HEADERS = ByteCount.kibibytes(80);
    private static final ByteCount HTTP_2_RESPONSE_HEADERS = ByteCount.kibibytes(60);

    /** Which version of HTTP. */
    public enum Version {
        HTTP_1,
        HTTP_2,
        /** What the endpoint chooses in the TLS handshake: HTTP/2 if it can. */
        BY_ALPN,
        /** HTTP/2 on behalf of clients that speak it, HTTP/1.1 for others. */
        AS_DOWNSTREAM
    }

    /** The bound of all names and values of a response, as Envoy has it. */
    public ByteCount maxResponseHeaders(boolean http2Spoken) {
        return configuredMaxResponseHeaders.orElse(http2Spoken ? HTTP_2_RESPONSE_HEADERS : HTTP_1_RESPONSE_HEADERS);
    }
}
