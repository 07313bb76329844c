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
 * @param autoNames what each request makes of the names by which its endpoint is known
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
        Http2Options http2,
        AutoNames autoNames) {

    public static final UpstreamHttp DEFAULT = new UpstreamHttp(
            Version.HTTP_1,
            Duration.ofHours(1),
            Optional.empty(),
            Optional.empty(),
            0,
            100,
            Optional.empty(),
            false,
            Http2Options.DEFAULT,
            AutoNames.NONE);

    private static final ByteCount HTTP_1_RESPONSE_HEADERS = ByteCount.kibibytes(80);
    private static final ByteCount HTTP_2_RESPONSE_HEADERS = ByteCount.kibibytes(60);

    /**
     * {@code envoy.config.core.v3.UpstreamHttpProtocolOptions}: the host of a request, for the TLS of its connection.
     *
     * @param serverName it is what is asked for
     * @param expected it must be one of the certificate's names
     * @param header whose value is taken for the host, if the request has it; lower case; empty: none
     */
    public record AutoNames(boolean serverName, boolean expected, String header) {

        public static final AutoNames NONE = new AutoNames(false, false, "");

        /** Whether requests to different hosts need different connections. */
        public boolean any() {
            return serverName || expected;
        }
    }

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
