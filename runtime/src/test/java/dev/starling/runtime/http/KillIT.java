package dev.starling.runtime.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.starling.runtime.http.KillScene.Kill;
import dev.starling.runtime.http.Outcomes.Outcome;
import dev.starling.runtime.listener.ProxyFixture;
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

    private KillScene scene;
    private ProxyFixture proxy;
    private Outcomes outcomes;
    private InetSocketAddress address;

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

        /** Whether so many bytes begin a response: an informational one does, as in Envoy. */
        boolean begun(int sent) {
            int informational = bytes.indexOf("HTTP/1.1 200");
            return informational > 0 && sent >= informational;
        }

        /** Whether so many bytes end within a message: an end there is a broken message, elsewhere only an end. */
        boolean broken(int sent) {
            return sent > 0 && sent < bytes.length() && sent != bytes.indexOf("HTTP/1.1 200");
        }
    }

    @BeforeEach
    void start() {
        scene = KillScene.to(ProxyFixture.clusterWithTrailers("up"));
        proxy = scene.proxy();
        outcomes = scene.outcomes();
        address = scene.address();
    }

    @AfterEach
    void stop() {
        scene.close();
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
            scene.publish(upstream.address());
            long received = 0;
            for (int sent = 0; sent <= said.bytes.length(); sent++) {
                RawClient client = new RawClient(address);
                client.send(said.bytes.substring(0, sent));
                received += sent;
                scene.receivedFromClients(received);
                int begun = said.begun(sent);
                if (said == Said.PIPELINED && begun > 0) {
                    assertThat(client.response()).endsWith("ok");
                }

                kill.client(client);

                scene.nothingIsLeft(said + " killed by " + kill + " after " + sent + " bytes");
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
            kill.upstream(connection);
        })) {
            scene.publish(upstream.address());
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
                                .isEqualTo(new Outcome(
                                        status,
                                        flag,
                                        "upstream_reset_%s_response_started"
                                                        .formatted(answered.begun(length[0]) ? "after" : "before")
                                                + reason));
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
                scene.nothingIsLeft(answered + " killed by " + kill + " after " + length[0] + " bytes");
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
            kill.upstream(connection);
        })) {
            scene.publish(upstream.address());
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
                scene.nothingIsLeft("killed by " + kill + " after " + sent + " bytes of the request");
            }
        }
    }
}
