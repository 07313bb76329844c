package dev.starling.runtime.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.starling.config.http.HttpLimits;
import dev.starling.config.http.HttpTimeouts;
import dev.starling.healthcheck.outlier.OutlierMonitor;
import dev.starling.runtime.listener.HttpFixture;
import dev.starling.runtime.listener.ProxyFixture;
import java.io.IOException;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A client that opens streams and resets them (CVE-2023-44487), at the very numbers at which the real Envoy has enough. */
@Timeout(60)
class PrematureResetsIT {

    private static final int CANCEL = 8;
    private static final int ENHANCE_YOUR_CALM = 11;

    private ProxyFixture proxy;
    private RawUpstream upstream;
    private RawUpstream silent;
    private InetSocketAddress listener;
    private int streams;

    @BeforeEach
    void start() throws Exception {
        proxy = ProxyFixture.start();
        upstream = RawUpstream.answering("HTTP/1.1 200 OK\r\ncontent-length: 1\r\n\r\nx");
        silent = RawUpstream.answering("");
        proxy.publish(ProxyFixture.cluster("up"), OutlierMonitor.OFF, upstream.address());
        proxy.publish(ProxyFixture.cluster("silent"), OutlierMonitor.OFF, silent.address());
        var routes = HttpFixture.routes(HttpFixture.route("/up", "up"), HttpFixture.route("/", "silent"));
        var settings = HttpFixture.settings(routes, HttpTimeouts.DEFAULT, HttpLimits.DEFAULT);
        listener = proxy.listen(HttpFixture.connectionManager(settings));
    }

    @AfterEach
    void stop() throws Exception {
        upstream.close();
        silent.close();
        proxy.close();
    }

    private Http2Client client() throws IOException {
        streams = 0;
        return new Http2Client(listener).settings();
    }

    private int next() {
        return 2 * streams++ + 1;
    }

    private void reset(Http2Client client, int times) throws IOException {
        for (int i = 0; i < times; i++) {
            int stream = next();
            client.get(stream, "/").number(Http2Client.RST_STREAM, stream, CANCEL);
        }
    }

    /** Whether the connection is at work. */
    private void serves(Http2Client client) throws IOException {
        int stream = next();
        client.get(stream, "/up");
        assertThat(client.ended(stream).status).isEqualTo("200");
    }

    private void isCalmed(Http2Client client) throws IOException {
        client.rest();
        assertThat(client.error()).isEqualTo(ENHANCE_YOUR_CALM);
        assertThat(proxy.counter("http.http.downstream_rq_too_many_premature_resets"))
                .isEqualTo(1);
    }

    @Test
    void halfOfTheFirstFiveHundredStreams() throws Exception {
        try (Http2Client client = client()) {
            reset(client, 249);
            serves(client);
            reset(client, 1);

            isCalmed(client);
        }
    }

    @Test
    void halfOfAllStreamsWhenThereAreMore() throws Exception {
        try (Http2Client client = client()) {
            for (int i = 0; i < 300; i++) {
                serves(client);
            }
            reset(client, 299);
            serves(client);
            reset(client, 2);

            isCalmed(client);
        }
    }

    @Test
    void alsoWhatTheProxyResetsForTheClientsFault() throws Exception {
        try (Http2Client client = client()) {
            for (int i = 0; i < 250; i++) {
                client.post(next(), "/", "content-length", "1").data(2 * streams - 1, "xx", true);
            }

            isCalmed(client);
        }
    }

    @Test
    void notWhatHasBeenAnswered() throws Exception {
        try (Http2Client client = client()) {
            for (int i = 0; i < 300; i++) {
                int stream = next();
                client.post(stream, "/up");
                while (client.answer(stream).status.isEmpty()) {
                    client.readFrame();
                }
                client.number(Http2Client.RST_STREAM, stream, CANCEL);
            }
            serves(client);
        }
    }
}
