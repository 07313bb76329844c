package dev.starling.runtime.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.starling.config.Percent;
import dev.starling.config.http.Http2FloodLimits;
import dev.starling.config.http.Http2Keepalive;
import dev.starling.config.http.Http2Options;
import dev.starling.config.http.HttpConnectionManager;
import dev.starling.config.http.HttpLimits;
import dev.starling.config.http.HttpTimeouts;
import dev.starling.healthcheck.outlier.OutlierMonitor;
import dev.starling.runtime.listener.HttpFixture;
import dev.starling.runtime.listener.ProxyFixture;
import dev.starling.runtime.network.LeakWatch;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a client may not do for long, and what it is told then; every limit by its own counter. */
@Timeout(60)
class Http2LimitsIT {

    private static final int ENHANCE_YOUR_CALM = 11;
    private static final int PROTOCOL_ERROR = 1;
    private static final int REFUSED_STREAM = 7;
    private static final int INTERNAL_ERROR = 2;
    private static final int SETTINGS_INITIAL_WINDOW_SIZE = 4;

    private final LeakWatch leaks = LeakWatch.start();
    private ProxyFixture proxy;
    private RawUpstream upstream;

    @BeforeEach
    void start() throws Exception {
        proxy = ProxyFixture.start();
        upstream = RawUpstream.answering("HTTP/1.1 200 OK\r\ncontent-length: 100000\r\n\r\n" + "x".repeat(100_000));
        proxy.publish(ProxyFixture.cluster("up"), OutlierMonitor.OFF, upstream.address());
    }

    @AfterEach
    void stop() throws Exception {
        upstream.close();
        proxy.withdraw("up");
        proxy.eventually("no stream is left", () -> proxy.gauge("http.http.http2.streams_active") == 0);
        proxy.close();
        assertThat(leaks.leaks()).isEmpty();
        leaks.close();
    }

    private Http2Client client(Http2Options options) throws Exception {
        return client(options, HttpTimeouts.DEFAULT);
    }

    private Http2Client client(Http2Options options, HttpTimeouts timeouts) throws Exception {
        HttpConnectionManager settings =
                HttpFixture.settings(HttpFixture.routes(HttpFixture.route("/", "up")), timeouts, HttpLimits.DEFAULT);
        InetSocketAddress address = proxy.listen(HttpFixture.connectionManager(HttpFixture.http2(settings, options)));
        return new Http2Client(address).settings();
    }

    private static Http2Options with(Http2FloodLimits limits) {
        return options(100, limits, Optional.empty());
    }

    private static Http2Options options(int streams, Http2FloodLimits limits, Optional<Http2Keepalive> keepalive) {
        return new Http2Options(4096, streams, 65_535, 1 << 20, false, true, limits, keepalive, List.of());
    }

    @FunctionalInterface
    private interface Flood {
        void send(Http2Client client, int i) throws IOException;
    }

    /** Sends and reads nothing until the proxy has had enough of it. */
    private void endsCalmly(Http2Client client, String counter, Flood flood) throws IOException {
        for (int sent = 0; sent < 50_000 && proxy.counter("http.http.http2." + counter) == 0; sent++) {
            flood.send(client, sent);
        }
        client.rest();
        assertThat(client.error()).isEqualTo(ENHANCE_YOUR_CALM);
        assertThat(proxy.counter("http.http.http2." + counter)).isEqualTo(1);
        client.close();
    }

    /** Sends just past the limit and reads what the proxy says to it. */
    private void refusesCalmly(Http2Client client, String counter, int times, Flood flood) throws IOException {
        for (int i = 0; i < times; i++) {
            flood.send(client, i);
        }
        client.rest();
        assertThat(client.error()).isEqualTo(ENHANCE_YOUR_CALM);
        assertThat(proxy.counter("http.http.http2." + counter)).isEqualTo(1);
        client.close();
    }

    @Test
    void emptyFrames() throws Exception {
        Http2Client client = client(with(new Http2FloodLimits(10_000, 1000, 3, 100, 10)));
        client.post(1, "/");

        refusesCalmly(client, "inbound_empty_frames_flood", 4, (c, _) -> c.data(1, "", false));
    }

    @Test
    void priorities() throws Exception {
        Http2Client client = client(with(new Http2FloodLimits(10_000, 1000, 1, 5, 10)));

        refusesCalmly(
                client,
                "inbound_priority_frames_flood",
                6,
                (c, i) -> c.frame(Http2Client.PRIORITY, 0, 2 * i + 1, new byte[5]));
    }

    @Test
    void windowUpdates() throws Exception {
        refusesCalmly(
                client(with(Http2FloodLimits.DEFAULT)),
                "inbound_window_update_frames_flood",
                6,
                (c, _) -> c.number(Http2Client.WINDOW_UPDATE, 0, 1));
    }

    @Test
    void answersThatNobodyReads() throws Exception {
        endsCalmly(
                client(with(new Http2FloodLimits(10_000, 100, 1, 100, 10))),
                "outbound_control_flood",
                (c, _) -> c.bytes(pings(1000)));
    }

    private static byte[] pings(int count) {
        byte[] pings = new byte[17 * count];
        for (int i = 0; i < count; i++) {
            pings[17 * i + 2] = 8;
            pings[17 * i + 3] = Http2Client.PING;
        }
        return pings;
    }

    @Test
    void framesThatNobodyReads() throws Exception {
        endsCalmly(
                client(with(new Http2FloodLimits(50, 10_000_000, 1, 100, 10))),
                "outbound_flood",
                (c, _) -> c.bytes(pings(1000)));
    }

    @Test
    void pingsAreAnsweredAsLongAsTheAnswersAreRead() throws Exception {
        try (Http2Client client = client(with(new Http2FloodLimits(10_000, 100, 1, 100, 10)))) {
            for (int i = 1; i <= 300; i++) {
                client.bytes(pings(1));
                while (client.pingAnswers() < i) {
                    client.readFrame();
                }
            }
            assertThat(client.goAways()).isZero();
        }
    }

    @Test
    void streamsBeyondTheLimitAreRefusedAndTheOthersServed() throws Exception {
        try (Http2Client client = client(options(2, Http2FloodLimits.DEFAULT, Optional.empty()))) {
            client.post(1, "/").post(3, "/").get(5, "/");

            assertThat(client.ended(5).reset).isEqualTo(REFUSED_STREAM);
            client.data(1, "x", true);
            client.number(Http2Client.WINDOW_UPDATE, 0, 1_000_000).number(Http2Client.WINDOW_UPDATE, 1, 1_000_000);
            assertThat(client.ended(1).status).isEqualTo("200");
        }
    }

    @Test
    void aMalformedMessageEndsItsConnectionOrItsStream() throws Exception {
        try (Http2Client lenient = client(options(100, Http2FloodLimits.DEFAULT, Optional.empty()))) {
            lenient.headers(1, true, ":method", "GET", ":path", "/");

            assertThat(lenient.ended(1).reset).isEqualTo(PROTOCOL_ERROR);
            assertThat(lenient.goAways()).isZero();
        }
        try (Http2Client strict = client(Http2Options.DEFAULT)) {
            strict.headers(1, true, ":method", "GET", ":path", "/");
            strict.rest();

            assertThat(strict.error()).isEqualTo(PROTOCOL_ERROR);
        }
        assertThat(proxy.counter("http.http.http2.rx_messaging_error")).isEqualTo(2);
    }

    @Test
    void aClientThatDoesNotAnswerPingsIsGivenUp() throws Exception {
        var keepalive = new Http2Keepalive(
                Optional.of(Duration.ofMillis(20)), Duration.ofMillis(200), Percent.ZERO, Optional.empty());
        Http2Options options = options(100, Http2FloodLimits.DEFAULT, Optional.of(keepalive));
        try (Http2Client alive = client(options)) {
            while (alive.pings() < 3) {
                alive.readFrame();
            }
            assertThat(proxy.counter("http.http.http2.keepalive_timeout")).isZero();
        }
        try (Http2Client dead = client(options).leavesPings()) {
            dead.rest();

            assertThat(dead.pings()).isEqualTo(1);
            assertThat(proxy.counter("http.http.http2.keepalive_timeout")).isEqualTo(1);
        }
    }

    @Test
    void whatIsLeftOfAResponseDoesNotWaitForEver() throws Exception {
        HttpTimeouts d = HttpTimeouts.DEFAULT;
        HttpTimeouts timeouts = new HttpTimeouts(
                d.connectionIdle(),
                Duration.ofMillis(200),
                d.request(),
                d.requestHeaders(),
                d.maxStreamDuration(),
                d.maxConnectionDuration(),
                d.drain(),
                d.delayedClose());
        try (Http2Client client = client(options(100, Http2FloodLimits.DEFAULT, Optional.empty()), timeouts)) {
            client.settings(SETTINGS_INITIAL_WINDOW_SIZE, 40_000).get(1, "/");

            Http2Client.Answer answer = client.ended(1);

            assertThat(answer.bytes).isEqualTo(40_000);
            assertThat(answer.reset).isEqualTo(INTERNAL_ERROR);
            assertThat(proxy.counter("http.http.http2.tx_flush_timeout")).isEqualTo(1);
        }
    }
}
