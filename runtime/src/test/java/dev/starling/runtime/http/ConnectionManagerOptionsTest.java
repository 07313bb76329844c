package dev.starling.runtime.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.starling.config.http.ClientAddress;
import dev.starling.config.http.Http1Options;
import dev.starling.config.http.HttpLimits;
import dev.starling.config.http.HttpTimeouts;
import dev.starling.runtime.listener.HttpFixture;
import dev.starling.runtime.listener.ProxyFixture;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What options of the connection manager change on the wire. Each was found by asking Envoy 1.40. */
@Timeout(20)
class ConnectionManagerOptionsTest {

    private static final String OK = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok";
    private static final Http1Options TEN =
            new Http1Options(true, true, "", false, false, Http1Options.HeaderCase.LOWER);

    private ProxyFixture proxy;
    private RawUpstream upstream;

    @BeforeEach
    void start() throws IOException {
        proxy = ProxyFixture.start();
        upstream = RawUpstream.answering(OK);
        proxy.publish("up", upstream.address());
    }

    @AfterEach
    void stop() throws IOException {
        upstream.close();
        proxy.close();
    }

    private InetSocketAddress listen(ClientAddress client, Http1Options http1, HttpTimeouts timeouts, boolean streams) {
        return proxy.listen(HttpFixture.connectionManager(HttpFixture.settings(
                HttpFixture.routes(HttpFixture.route("/up", "up"), HttpFixture.route("/none", "nothing")),
                timeouts,
                HttpLimits.DEFAULT,
                http1,
                client,
                streams)));
    }

    private InetSocketAddress listen(Http1Options http1) {
        return listen(ClientAddress.DEFAULT, http1, HttpTimeouts.DEFAULT, false);
    }

    private InetSocketAddress listen(Duration connectionIdle, Duration streamIdle) {
        HttpTimeouts off = HttpTimeouts.DEFAULT;
        HttpTimeouts timeouts = new HttpTimeouts(
                connectionIdle,
                streamIdle,
                off.request(),
                off.requestHeaders(),
                off.maxStreamDuration(),
                off.maxConnectionDuration(),
                Duration.ofMinutes(1),
                off.delayedClose());
        return listen(ClientAddress.DEFAULT, Http1Options.DEFAULT, timeouts, false);
    }

    private static String exchange(InetSocketAddress address, String request) throws IOException {
        try (RawClient client = new RawClient(address)) {
            return client.send(request).rest();
        }
    }

    private String passedOn(ClientAddress rules, String headers) throws IOException {
        InetSocketAddress address = listen(rules, Http1Options.DEFAULT, HttpTimeouts.DEFAULT, false);
        exchange(address, "GET /up HTTP/1.1\r\nhost: a\r\nconnection: close\r\n" + headers + "\r\n");
        return upstream.requests().getLast();
    }

    @Test
    void makesOneListOfSeveralForwardedForLinesAndTrustsItsEnd() throws IOException {
        String request = passedOn(
                new ClientAddress(true, 1, false, List.of()),
                "x-forwarded-for: 10.0.0.1\r\nx-forwarded-for: 10.0.0.2\r\n");
        assertThat(request)
                .contains("x-forwarded-for: 10.0.0.1,10.0.0.2," + OwnAddress.read() + "\r\n")
                .contains("x-envoy-external-address: 10.0.0.2\r\n");
    }

    @Test
    void takesNoWordOfAClientForAnAddress() throws IOException {
        assertThat(passedOn(new ClientAddress(true, 1, false, List.of()), "x-forwarded-for: me\r\n"))
                .contains("x-envoy-external-address: 127.0.0.1\r\n");
    }

    @Test
    void believesTheSchemeOfATrustedProxyOnly() throws IOException {
        assertThat(passedOn(new ClientAddress(true, 1, false, List.of()), "x-forwarded-proto: https\r\n"))
                .contains("x-forwarded-proto: https\r\n");
        assertThat(passedOn(new ClientAddress(true, 0, false, List.of()), "x-forwarded-proto: https\r\n"))
                .contains("x-forwarded-proto: http\r\n");
    }

    @Test
    void letsNobodyAtTheEdgeTellWhatWasRewritten() throws IOException {
        assertThat(passedOn(
                        new ClientAddress(true, 0, false, List.of()),
                        "x-envoy-original-path: /x\r\nx-envoy-original-host: x\r\n"))
                .doesNotContain("x-envoy-original");
    }

    @Test
    void replacesAnEmptyRequestId() throws IOException {
        assertThat(passedOn(ClientAddress.DEFAULT, "x-request-id:\r\n")).containsPattern("x-request-id: [0-9a-f-]{36}");
    }

    @Test
    void keepsRetryPoliciesToItself() throws IOException {
        assertThat(passedOn(ClientAddress.DEFAULT, "x-envoy-retry-on: 5xx\r\n")).doesNotContain("retry-on");
    }

    @Test
    void writesNamesInProperCaseWhereThatIsAsked() throws IOException {
        InetSocketAddress address =
                listen(new Http1Options(true, false, "", false, false, Http1Options.HeaderCase.PROPER_CASE_WORDS));
        assertThat(exchange(address, "GET /up HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n"))
                .contains(
                        "\r\nContent-Length: 2\r\n",
                        "\r\nX-Envoy-Upstream-Service-Time: ",
                        "\r\nConnection: close\r\n");
    }

    @Test
    void refusesAnAbsoluteFormAsAPathWhereThatIsAsked() throws IOException {
        InetSocketAddress address =
                listen(new Http1Options(false, false, "", false, false, Http1Options.HeaderCase.LOWER));
        assertThat(exchange(address, "GET http://b/up HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 404 ");
    }

    @Test
    void needsAHostOfHttp10TooAndClosesWhereALengthIsMissing() throws IOException {
        InetSocketAddress address = listen(TEN);
        assertThat(exchange(address, "GET /up HTTP/1.0\r\nconnection: keep-alive\r\n\r\n"))
                .startsWith("HTTP/1.0 400 ");
        assertThat(exchange(address, "GET /other HTTP/1.0\r\nhost: a\r\nconnection: keep-alive\r\n\r\n"))
                .startsWith("HTTP/1.0 404 ")
                .contains("\r\nconnection: close\r\n");
    }

    @Test
    void tellsHeadThatALengthIsUnknown() throws IOException {
        assertThat(exchange(listen(TEN), "HEAD /other HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n"))
                .contains("transfer-encoding: chunked\r\n")
                .doesNotContain("content-length");
    }

    @Test
    void keepsTheConnectionOfAnInvalidRequestWhereThatIsAsked() throws IOException {
        InetSocketAddress address = listen(ClientAddress.DEFAULT, Http1Options.DEFAULT, HttpTimeouts.DEFAULT, true);
        try (RawClient client = new RawClient(address)) {
            assertThat(client.send("GET /up HTTP/1.1\r\n\r\n").response()).startsWith("HTTP/1.1 400 ");
            assertThat(client.get("/up").response()).endsWith("ok");
        }
    }

    @Test
    void saysThatItClosesWhenItAnswersBeforeTheRequestIsComplete() throws IOException {
        assertThat(exchange(listen(TEN), "POST /none HTTP/1.1\r\nhost: a\r\ncontent-length: 9\r\n\r\n"))
                .contains("connection: close\r\n");
    }

    @Test
    void answersBodilessExpectationsAndLeavesOthersToTheUpstream() throws IOException {
        InetSocketAddress address = listen(TEN);
        String close = "host: a\r\nconnection: close\r\n\r\n";
        assertThat(exchange(address, "GET /up HTTP/1.1\r\nexpect: 100-continue\r\n" + close))
                .startsWith("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 ");
        exchange(address, "GET /up HTTP/1.1\r\nexpect: more\r\n" + close);
        assertThat(upstream.requests().getLast()).contains("expect: more\r\n");
    }

    @Test
    void waitsForAHeadAsLongAsForAnyPartOfAStream() throws IOException {
        InetSocketAddress address = listen(Duration.ofHours(1), Duration.ofMillis(50));
        assertThat(exchange(address, "GET /up HTTP/1.1\r\nhost:"))
                .startsWith("HTTP/1.1 408 ")
                .endsWith("stream timeout");
    }

    @Test
    void answersOneMoreRequestOnAConnectionThatIsIdleForTooLong() throws IOException {
        InetSocketAddress address = listen(Duration.ofMillis(20), Duration.ofMinutes(1));
        try (RawClient client = new RawClient(address)) {
            assertThat(client.get("/up").response()).doesNotContain("connection: close");
            proxy.eventually("idle", () -> proxy.counter("http.http.downstream_cx_idle_timeout") == 1);
            assertThat(client.get("/up").response()).contains("connection: close");
            assertThat(client.rest()).isEmpty();
        }
    }
}
