package dev.starling.runtime.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.starling.config.ByteCount;
import dev.starling.config.Percent;
import dev.starling.config.cluster.CircuitBreakers;
import dev.starling.config.cluster.UpstreamHttp;
import dev.starling.config.http.Http2Keepalive;
import dev.starling.config.http.Http2Options;
import dev.starling.healthcheck.outlier.OutlierMonitor;
import dev.starling.runtime.listener.HttpFixture;
import dev.starling.runtime.listener.ProxyFixture;
import dev.starling.runtime.network.LeakWatch;
import dev.starling.runtime.time.HeldClock;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** When an HTTP/2 connection to an endpoint is asked whether it is alive, and when it has lived long enough. */
@Timeout(60)
class Http2UpstreamTimesIT {

    private static final Duration INTERVAL = Duration.ofMillis(50);

    /** Longer than any test moves the clock. */
    private static final Duration NEVER = Duration.ofDays(100);

    private final LeakWatch leaks = LeakWatch.start();
    private final HeldClock clock = new HeldClock();
    private final ProxyFixture proxy = ProxyFixture.start(1, clock.clock());
    private final AtomicInteger pings = new AtomicInteger();
    private final RawUpstream upstream;
    private volatile int held;

    /** An endpoint that answers all requests but those for {@code /held}, until it is asked for {@code /release}. */
    Http2UpstreamTimesIT() throws IOException {
        upstream = new RawUpstream(connection -> {
            Http2Peer peer = Http2Peer.begin(connection);
            for (Http2Peer.Frame frame = peer.next(); frame != null; frame = peer.next()) {
                if (frame.type() == Http2Peer.PING && frame.flags() == 0) {
                    pings.incrementAndGet();
                } else if (frame.type() == Http2Peer.HEADERS && frame.path().equals("/held")) {
                    held = frame.stream();
                } else if (frame.type() == Http2Peer.HEADERS) {
                    peer.ok(frame.stream());
                    if (frame.path().equals("/release")) {
                        peer.ok(held);
                    }
                }
            }
        });
    }

    @AfterEach
    void stop() throws Exception {
        upstream.close();
        proxy.withdraw("up");
        proxy.eventually("no upstream connection is left", () -> proxy.gauge("cluster.up.upstream_cx_active") == 0);
        proxy.close();
        assertThat(leaks.leaks()).isEmpty();
        leaks.close();
    }

    private Http2Client client(Duration idleTimeout, Optional<Duration> maxDuration, Optional<Http2Keepalive> keepalive)
            throws IOException {
        Http2Options d = Http2Options.DEFAULT;
        var http2 = new Http2Options(
                d.headerTableBytes(),
                d.maxConcurrentStreams(),
                d.streamWindow(),
                d.connectionWindow(),
                false,
                false,
                d.floodLimits(),
                keepalive,
                List.of());
        var http = new UpstreamHttp(
                UpstreamHttp.Version.HTTP_2,
                idleTimeout,
                maxDuration,
                Optional.empty(),
                0,
                100,
                Optional.empty(),
                false,
                http2,
                UpstreamHttp.AutoNames.NONE);
        proxy.publish(
                ProxyFixture.cluster(
                        "up", Duration.ofSeconds(5), ByteCount.mebibytes(1), CircuitBreakers.DEFAULT, http),
                OutlierMonitor.OFF,
                upstream.address());
        var route = HttpFixture.route("/", "up", Duration.ZERO);
        return new Http2Client(
                        proxy.listen(HttpFixture.connectionManager(HttpFixture.settings(HttpFixture.routes(route)))))
                .settings();
    }

    private Http2Client pinging(Optional<Duration> interval, Optional<Duration> idleInterval) throws IOException {
        var keepalive = new Http2Keepalive(interval, NEVER, Percent.ZERO, idleInterval);
        return client(NEVER, Optional.empty(), Optional.of(keepalive));
    }

    private static void answered(Http2Client client, int stream) throws Exception {
        assertThat(client.get(stream, "/").ended(stream).status).isEqualTo("200");
    }

    private boolean moves(boolean met) {
        clock.advance(INTERVAL);
        return met;
    }

    @Test
    void asksInIntervalsAsLongAsItIsAnswered() throws Exception {
        try (Http2Client client = pinging(Optional.of(INTERVAL), Optional.empty())) {
            answered(client, 1);
            assertThat(pings.get()).isZero();

            proxy.eventually("three pings", () -> moves(pings.get() >= 3));

            answered(client, 3);
            assertThat(upstream.connections()).isEqualTo(1);
            assertThat(proxy.counter("cluster.up.http2.keepalive_timeout")).isZero();
        }
    }

    @Test
    void asksBeforeAStreamOnlyWhenTheConnectionHasBeenSilent() throws Exception {
        try (Http2Client client = pinging(Optional.empty(), Optional.of(INTERVAL))) {
            answered(client, 1);
            answered(client, 3);
            assertThat(pings.get()).isZero();

            clock.advance(INTERVAL);
            answered(client, 5);
            assertThat(pings.get()).isEqualTo(1);
            answered(client, 7);
            assertThat(pings.get()).isEqualTo(1);
        }
    }

    @Test
    void isNotIdleWhileItHasAStream() throws Exception {
        try (Http2Client client = client(INTERVAL, Optional.empty(), Optional.empty())) {
            client.get(1, "/held");
            answered(client, 3);
            for (int i = 0; i < 5; i++) {
                clock.advance(INTERVAL);
                answered(client, 5 + 2 * i);
            }
            assertThat(proxy.counter("cluster.up.upstream_cx_idle_timeout")).isZero();
            assertThat(client.get(15, "/release").ended(1).status).isEqualTo("200");
            assertThat(client.ended(15).status).isEqualTo("200");

            proxy.eventually("idle", () -> moves(proxy.counter("cluster.up.upstream_cx_idle_timeout") == 1));
            assertThat(upstream.connections()).isEqualTo(1);
        }
    }

    @Test
    void takesNoMoreStreamsWhenItIsOldAndLetsThoseItHasEnd() throws Exception {
        try (Http2Client client = client(NEVER, Optional.of(INTERVAL), Optional.empty())) {
            client.get(1, "/held");
            proxy.eventually("a stream", () -> held > 0);
            proxy.eventually("old", () -> moves(proxy.counter("cluster.up.upstream_cx_max_duration_reached") == 1));

            answered(client, 3);
            assertThat(upstream.connections()).isEqualTo(2);
            assertThat(proxy.gauge("cluster.up.upstream_cx_active")).isEqualTo(2);
            assertThat(proxy.counter("cluster.up.upstream_cx_destroy")).isZero();
            client.number(Http2Client.RST_STREAM, 1, 8);
            proxy.eventually("the old one closes", () -> proxy.counter("cluster.up.upstream_cx_destroy_local") == 1);
        }
    }
}
