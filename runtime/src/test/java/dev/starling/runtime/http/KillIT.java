package dev.starling.runtime.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.starling.config.route.RouteAction.RoutingPriority;
import dev.starling.healthcheck.outlier.OutlierMonitor;
import dev.starling.runtime.cluster.ClusterTraffic;
import dev.starling.runtime.http.Outcomes.Outcome;
import dev.starling.runtime.listener.HttpFixture;
import dev.starling.runtime.listener.ProxyFixture;
import dev.starling.runtime.network.LeakWatch;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Either side of an exchange goes away after every single byte of what it has to say, so at every event boundary there is:
 * whatever is held for the exchange is given back, and its end is told as Envoy tells it.
 */
@Timeout(60)
class KillIT {

    private static final String WHOLE = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok";

    private static final String CHUNKED_POST = "POST /a HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: chunked\r\n\r\n";

    private static final String CHUNKED_OK = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n";

    private final LeakWatch leaks = LeakWatch.start();
    private final Outcomes outcomes = new Outcomes();
    private ProxyFixture proxy;
    private InetSocketAddress address;
    private ClusterTraffic traffic;

    enum Kill {
        FIN,
        RST
    }

    /** What a client says. */
    enum Said {
        NO_BODY("GET /a HTTP/1.1\r\nHost: test\r\n\r\n"),
        LENGTH("POST /a HTTP/1.1\r\nHost: test\r\nContent-Length: 5\r\n\r\nhello"),
        CHUNKED_WITH_TRAILERS(CHUNKED_POST + "3\r\nhel\r\n2;x=y\r\nlo\r\n0\r\nx-last: 1\r\n\r\n"),
        EXPECTING("POST /a HTTP/1.1\r\nHost: test\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\nhello"),
        PIPELINED(
                "GET /answered HTTP/1.1\r\nHost: test\r\n\r\nPOST /b HTTP/1.1\r\nHost: test\r\nContent-Length: 3\r\n\r\nabc");

        private final String bytes;

        Said(String bytes) {
            this.bytes = bytes;
        }

        /** Requests whose head is complete after so many bytes. */
        int begun(int sent) {
            int begun = 0;
            for (int at = head(0); at >= 0 && at <= sent; at = head(at)) {
                begun++;
            }
            return begun;
        }

        private int head(int from) {
            int request = bytes.indexOf(" HTTP/1.1\r\n", from);
            return request < 0 ? -1 : bytes.indexOf("\r\n\r\n", request) + 4;
        }
    }

    enum Answered {
        LENGTH("HTTP/1.1 200 OK\r\nx-a: b\r\ncontent-length: 5\r\n\r\nhello"),
        CHUNKED_WITH_TRAILERS(CHUNKED_OK + "3\r\nhel\r\n2\r\nlo\r\n0\r\nx-end: 1\r\n\r\n"),
        AFTER_INFORMATIONAL(
                "HTTP/1.1 103 Early Hints\r\nlink: x\r\n\r\nHTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok");

        private final String bytes;

        Answered(String bytes) {
            this.bytes = bytes;
        }

        /** Where the head of the answer proper is complete. */
        int head() {
            return bytes.indexOf("\r\n\r\n", bytes.indexOf(" 200 ")) + 4;
        }

        /** Whether so many bytes end within a message: an end there is a broken message, elsewhere only an end. */
        boolean broken(int sent) {
            return sent > 0 && sent < bytes.length() && sent != bytes.indexOf("HTTP/1.1 200");
        }
    }

    @BeforeEach
    void start() {
        proxy = ProxyFixture.start();
        var settings = HttpFixture.settingsWithTrailers(HttpFixture.routes(HttpFixture.route("/", "up")));
        address = proxy.listen(HttpFixture.connectionManager(settings, outcomes));
        traffic = publish();
    }

    @AfterEach
    void stop() {
        proxy.withdraw("up");
        proxy.eventually("no upstream connection is left", () -> proxy.gauge("cluster.up.upstream_cx_active") == 0);
        assertThat(traffic.breaker(RoutingPriority.DEFAULT).connections().count())
                .isZero();
        proxy.close();
        assertThat(leaks.leaks()).isEmpty();
        leaks.close();
    }

    private ClusterTraffic publish(InetSocketAddress... endpoints) {
        return proxy.publish(ProxyFixture.clusterWithTrailers("up"), OutlierMonitor.OFF, endpoints);
    }

    @ParameterizedTest
    @CsvSource({
        "NO_BODY, FIN", "NO_BODY, RST", "LENGTH, FIN", "LENGTH, RST", "CHUNKED_WITH_TRAILERS, FIN",
        "CHUNKED_WITH_TRAILERS, RST", "EXPECTING, FIN", "EXPECTING, RST", "PIPELINED, FIN", "PIPELINED, RST"
    })
    void givesBackEverythingWhenTheClientGoesAway(Said said, Kill kill) throws Exception {
        try (var upstream = new RawUpstream(connection -> {
            for (String head = connection.readHead(); head != null; head = connection.readHead()) {
                if (head.startsWith("GET /answered ")) {
                    connection.write(WHOLE);
                }
            }
        })) {
            traffic = publish(upstream.address());
            long received = 0;
            for (int sent = 0; sent <= said.bytes.length(); sent++) {
                RawClient client = new RawClient(address);
                client.send(said.bytes.substring(0, sent));
                received += sent;
                long expected = received;
                proxy.eventually(
                        "all has been read", () -> proxy.counter("http.http.downstream_cx_rx_bytes_total") == expected);
                int begun = said.begun(sent);
                if (said == Said.PIPELINED && begun > 0) {
                    assertThat(client.response()).endsWith("ok");
                }

                kill(client, kill);

                nothingIsLeft(said + " killed by " + kill + " after " + sent + " bytes");
                if (said == Said.PIPELINED && begun > 0) {
                    assertThat(outcomes.next()).isEqualTo(new Outcome(200, "", "via_upstream"));
                    begun--;
                }
                if (begun > 0) {
                    assertThat(outcomes.next()).isEqualTo(new Outcome(0, "DC", "downstream_remote_disconnect"));
                }
                assertThat(outcomes.isEmpty()).isTrue();
                client.close();
            }
        }
    }

    private static void kill(RawClient client, Kill kill) throws IOException {
        switch (kill) {
            case FIN -> client.halfClose();
            case RST -> client.abort();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "LENGTH, FIN",
        "LENGTH, RST",
        "CHUNKED_WITH_TRAILERS, FIN",
        "CHUNKED_WITH_TRAILERS, RST",
        "AFTER_INFORMATIONAL, FIN",
        "AFTER_INFORMATIONAL, RST"
    })
    void tellsTheClientWhenTheUpstreamGoesAway(Answered answered, Kill kill) throws Exception {
        int[] length = {0};
        var go = new Semaphore(0);
        try (var upstream = new RawUpstream(connection -> {
            connection.readHead();
            connection.write(answered.bytes.substring(0, length[0]));
            go.acquireUninterruptibly();
            kill(connection, kill);
        })) {
            traffic = publish(upstream.address());
            long received = 0;
            for (length[0] = 0; length[0] <= answered.bytes.length(); length[0]++) {
                received += length[0];
                long expected = received;
                try (RawClient client = new RawClient(address)) {
                    client.get("/");
                    proxy.eventually(
                            "all has been read",
                            () -> proxy.counter("cluster.up.upstream_cx_rx_bytes_total") == expected
                                    && upstream.requests().size() == length[0] + 1);
                    go.release();
                    String what = answered + " killed by " + kill + " after " + length[0] + " bytes";
                    Outcome outcome = outcomes.next();
                    boolean broken = kill == Kill.FIN && answered.broken(length[0]);
                    String flag = broken ? "UPE" : "UC";
                    String reason = broken ? "{protocol_error}" : "{connection_termination}";
                    if (length[0] < answered.head()) {
                        int status = broken ? 502 : 503;
                        assertThat(outcome)
                                .as(what)
                                .isEqualTo(
                                        new Outcome(status, flag, "upstream_reset_before_response_started" + reason));
                        String response = client.response();
                        if (response.contains(" 103 ")) {
                            response = client.response();
                        }
                        assertThat(response)
                                .startsWith("HTTP/1.1 " + status + " ")
                                .endsWith(broken ? "protocol error" : "connection termination");
                    } else if (length[0] < answered.bytes.length()) {
                        assertThat(outcome)
                                .as(what)
                                .isEqualTo(new Outcome(200, flag, "upstream_reset_after_response_started" + reason));
                        assertThat(client.rest()).contains("HTTP/1.1 200 OK").doesNotEndWith("0\r\n\r\n");
                    } else {
                        assertThat(outcome).as(what).isEqualTo(new Outcome(200, "", "via_upstream"));
                    }
                }
                nothingIsLeft(answered + " killed by " + kill + " after " + length[0] + " bytes");
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Kill.class)
    void tellsTheClientWhenTheUpstreamGoesAwayWhileTheRequestStillComes(Kill kill) throws Exception {
        Said said = Said.CHUNKED_WITH_TRAILERS;
        var go = new Semaphore(0);
        try (var upstream = new RawUpstream(connection -> {
            connection.readHead();
            go.acquireUninterruptibly();
            kill(connection, kill);
        })) {
            traffic = publish(upstream.address());
            int head = said.bytes.indexOf("\r\n\r\n") + 4;
            for (int sent = head; sent <= said.bytes.length(); sent++) {
                try (RawClient client = new RawClient(address)) {
                    client.send(said.bytes.substring(0, sent));
                    int expected = sent - head + 1;
                    proxy.eventually(
                            "the upstream has the request",
                            () -> upstream.requests().size() == expected);
                    go.release();
                    assertThat(client.response()).startsWith("HTTP/1.1 503 ");
                    assertThat(outcomes.next())
                            .isEqualTo(new Outcome(
                                    503, "UC", "upstream_reset_before_response_started{connection_termination}"));
                }
                nothingIsLeft("killed by " + kill + " after " + sent + " bytes of the request");
            }
        }
    }

    private static void kill(RawUpstream.Connection connection, Kill kill) throws IOException {
        switch (kill) {
            case FIN -> connection.halfClose();
            case RST -> connection.abort();
        }
        connection.read(Integer.MAX_VALUE); // until the proxy has had enough
    }

    private void nothingIsLeft(String when) {
        var breaker = traffic.breaker(RoutingPriority.DEFAULT);
        proxy.eventually(
                when + " nothing is left",
                () -> proxy.gauge("http.http.downstream_cx_active") == 0
                        && proxy.gauge("http.http.downstream_rq_active") == 0
                        && proxy.gauge("cluster.up.upstream_rq_active") == 0
                        && proxy.gauge("cluster.up.upstream_rq_pending_active") == 0
                        && breaker.requests().count() == 0
                        && breaker.pendingRequests().count() == 0
                        && breaker.connections().count() == proxy.gauge("cluster.up.upstream_cx_active"));
    }
}
