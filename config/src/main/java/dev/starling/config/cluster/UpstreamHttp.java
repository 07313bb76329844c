package dev.starling.config.cluster;

import dev.starling.config.ByteCount;
import java.time.Duration;
import java.util.Optional;

/**
 * {@code envoy.extensions.upstreams.http.v3.HttpProtocolOptions}, as far as HTTP/1 upstreams need it.
 *
 * @param idleTimeout zero: none
 * @param maxRequestsPerConnection 0: no limit
 */
public record UpstreamHttp(
        Duration idleTimeout,
        Optional<Duration> maxConnectionDuration,
        int maxRequestsPerConnection,
        int maxHeadersCount,
        ByteCount maxResponseHeaders,
        boolean enableTrailers) {

    public static final UpstreamHttp DEFAULT =
            new UpstreamHttp(Duration.ofHours(1), Optional.empty(), 0, 100, ByteCount.kibibytes(80), false);
}
