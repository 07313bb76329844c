package dev.starling.runtime.accesslog;

import dev.starling.runtime.time.Clock;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;

/** Exchanges to be logged, and what makes formats. */
final class Examples {

    static final long MILLI = 1_000_000;

    /** For durations of what has not ended. */
    static final Clock CLOCK =
            new Clock(() -> 1_000 * MILLI, InstantSource.fixed(Instant.parse("2026-11-21T08:05:24Z")));

    static final FormatterFactory FORMATS = new FormatterFactory(CLOCK, "vm", Map.of("HOME", "/root"));

    private Examples() {}

    /** A request that an upstream answered 41 ms after it began. */
    static StreamInfo answered() {
        StreamInfo info = new StreamInfo();
        info.startWallMillis = Instant.parse("2026-11-21T08:05:23.818Z").toEpochMilli();
        info.startNanos = 7_000 * MILLI;
        info.requestCompleteNanos = 7_000 * MILLI + 300_000;
        info.upstreamRequestNanos = 7_001 * MILLI;
        info.upstreamRequestCompleteNanos = 7_002 * MILLI;
        info.upstreamResponseNanos = 7_039 * MILLI;
        info.responseNanos = 7_040 * MILLI;
        info.endNanos = 7_041 * MILLI + 600_000;
        info.bytesSent = 6;
        info.requestHeadersBytes = 207;
        info.responseHeadersBytes = 113;
        info.protocol = "HTTP/1.1";
        info.upstreamProtocol = "HTTP/1.1";
        info.responseCode = 200;
        info.responseCodeDetails = "via_upstream";
        info.routeName = "main";
        info.clusterName = "shop";
        info.attempts = 1;
        info.upstreamHost = "127.0.0.1:37295";
        info.upstreamLocalAddress = new InetSocketAddress(InetAddress.getLoopbackAddress(), 52632);
        info.upstreamRemoteAddress = new InetSocketAddress(InetAddress.getLoopbackAddress(), 37295);
        info.downstream = new Client(new InetSocketAddress(InetAddress.getLoopbackAddress(), 57437));
        info.accessLogType = "DownstreamEnd";
        return info;
    }

    static Map<String, String> requestHeaders() {
        return Map.of(
                ":method", "GET",
                ":path", "/200?q=abcdef",
                ":authority", "127.0.0.1:57437",
                "user-agent", "my \"agent\"",
                "x-request-id", "2648a8f0-e417-45a4-bb67-46fcbb8903ac",
                "x-a", "longvalue");
    }

    static Map<String, String> responseHeaders() {
        return Map.of("x-envoy-upstream-service-time", "0", "x-thing", "T\"hi\\ng");
    }

    /** The second connection, from port 38462. */
    record Client(SocketAddress localAddress) implements ConnectionView {
        @Override
        public long id() {
            return 2;
        }

        @Override
        public SocketAddress remoteAddress() {
            return new InetSocketAddress(InetAddress.getLoopbackAddress(), 38462);
        }

        @Override
        public SocketAddress directRemoteAddress() {
            return remoteAddress();
        }
    }
}
