package dev.starling.runtime.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.starling.runtime.listener.HttpFixture;
import dev.starling.runtime.listener.ProxyFixture;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** HTTP/1.1 through the whole data path, on real sockets. */
class Http1ExchangeTest {

    private static final String OK = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok";

    private ProxyFixture proxy;
    private InetSocketAddress address;

    @BeforeEach
    void start() {
        proxy = ProxyFixture.start();
        address = proxy.listen(HttpFixture.to("up"));
    }

    @AfterEach
    void stop() {
        proxy.close();
    }

    @Test
    void forwardsARequestAsEnvoyDoesAndReturnsTheResponse() throws IOException {
        try (RawUpstream upstream = RawUpstream.answering(OK)) {
            proxy.publish("up", upstream.address());
            try (RawClient client = new RawClient(address)) {
                String response = client.send("GET /a?b=c HTTP/1.1\r\nHOST: Test:80\r\nX-One: 1\r\n\r\n")
                        .response();

                assertThat(response).startsWith("HTTP/1.1 200 OK\r\n").endsWith("\r\n\r\nok");
                assertThat(response)
                        .contains("\r\nserver: envoy\r\n", "\r\ndate: ", "\r\nx-envoy-upstream-service-time: ");
                assertThat(upstream.requests().getFirst())
                        .startsWith("GET /a?b=c HTTP/1.1\r\nhost: Test:80\r\nx-one: 1\r\n")
                        .contains("x-forwarded-proto: http\r\n", "x-envoy-expected-rq-timeout-ms: 15000\r\n")
                        .containsPattern(
                                "x-request-id: [0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}\r\n");
            }
        }
    }

    @Test
    void answersPipelinedRequestsInOrderOverOneUpstreamConnection() throws IOException {
        try (RawUpstream upstream = new RawUpstream(connection -> {
            for (String head = connection.readHead(); head != null; head = connection.readHead()) {
                String path = head.split(" ", 3)[1];
                connection.write("HTTP/1.1 200 OK\r\ncontent-length: " + path.length() + "\r\n\r\n" + path);
            }
        })) {
            proxy.publish("up", upstream.address());
            try (RawClient client = new RawClient(address)) {
                client.get("/1").get("/22").get("/333");

                assertThat(client.response()).endsWith("/1");
                assertThat(client.response()).endsWith("/22");
                assertThat(client.response()).endsWith("/333");
                assertThat(upstream.connections()).isEqualTo(1);
            }
        }
    }

    @Test
    void passesChunkedBodiesBothWaysWithoutTheirTrailersUnlessAsked() throws IOException {
        try (RawUpstream upstream = new RawUpstream(connection -> {
            connection.readHead();
            String body = connection.read("5\r\nhello\r\n0\r\n\r\n".length());
            connection.write("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n");
            connection.write("3\r\nabc\r\n2\r\nde\r\n0\r\nx-trailer: t\r\n\r\n");
            connection.write(body.equals("5\r\nhello\r\n0\r\n\r\n") ? "" : "unexpected " + body);
            connection.readHead();
        })) {
            proxy.publish("up", upstream.address());
            try (RawClient client = new RawClient(address)) {
                client.send("POST / HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: chunked\r\n\r\n");
                client.send("5;ext=1\r\nhello\r\n0\r\nx-client-trailer: t\r\n\r\n");

                assertThat(client.head())
                        .contains("transfer-encoding: chunked\r\n")
                        .doesNotContain("content-length");
                assertThat(client.read("3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n".length()))
                        .isIn("3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n", "5\r\nabcde\r\n0\r\n\r\n");
                assertThat(upstream.requests().getFirst()).contains("transfer-encoding: chunked\r\n");
            }
        }
    }

    @Test
    void answersHeadRequestsWithTheLengthAndNoBody() throws IOException {
        try (RawUpstream upstream = RawUpstream.answering("HTTP/1.1 200 OK\r\ncontent-length: 500\r\n\r\n")) {
            proxy.publish("up", upstream.address());
            try (RawClient client = new RawClient(address)) {
                client.send("HEAD / HTTP/1.1\r\nHost: test\r\n\r\n");
                assertThat(client.head()).contains("content-length: 500\r\n");
                client.send("HEAD / HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n");
                assertThat(client.rest()).contains("connection: close\r\n").endsWith("\r\n\r\n");
            }
        }
    }

    @Test
    void answersWithoutABodyWhere204And304HaveNone() throws IOException {
        for (int status : new int[] {204, 304}) {
            try (RawUpstream upstream = RawUpstream.answering("HTTP/1.1 " + status + " None\r\n\r\n")) {
                proxy.publish("up", upstream.address());
                try (RawClient client = new RawClient(address)) {
                    client.get("/");
                    assertThat(client.head()).startsWith("HTTP/1.1 " + status).doesNotContain("content-length");
                    client.send("GET / HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n");
                    assertThat(client.rest()).endsWith("\r\n\r\n");
                }
            }
            proxy.withdraw("up");
        }
    }

    @Test
    void answersAnExpectationItselfAndDropsIt() throws IOException {
        try (RawUpstream upstream = new RawUpstream(connection -> {
            connection.readHead();
            connection.read(3);
            connection.write(OK);
            connection.readHead();
        })) {
            proxy.publish("up", upstream.address());
            try (RawClient client = new RawClient(address)) {
                client.send("POST / HTTP/1.1\r\nHost: test\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n");
                assertThat(client.head()).isEqualTo("HTTP/1.1 100 Continue\r\n\r\n");
                client.send("abc");
                assertThat(client.response()).startsWith("HTTP/1.1 200 OK");
                assertThat(upstream.requests().getFirst()).doesNotContain("\r\nexpect:");
            }
        }
    }

    @Test
    void closesWhenTheClientAsksAndSaysSo() throws IOException {
        try (RawUpstream upstream = RawUpstream.answering(OK)) {
            proxy.publish("up", upstream.address());
            try (RawClient client = new RawClient(address)) {
                client.send("GET / HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n");
                assertThat(client.rest()).contains("\r\nconnection: close\r\n").endsWith("ok");
            }
        }
    }

    @Test
    void endsABodyThatOnlyTheConnectionEnds() throws IOException {
        try (RawUpstream upstream = new RawUpstream(connection -> {
            connection.readHead();
            connection.write("HTTP/1.1 200 OK\r\n\r\nuntil the end");
        })) {
            proxy.publish("up", upstream.address());
            try (RawClient client = new RawClient(address)) {
                client.send("GET / HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n");
                String response = client.rest();
                assertThat(response).contains("transfer-encoding: chunked\r\n").endsWith("\r\n0\r\n\r\n");
                assertThat(response).contains("until the end");
            }
        }
    }

    @Test
    void cutsTheResponseWhereTheUpstreamCutIt() throws IOException {
        try (RawUpstream upstream = new RawUpstream(connection -> {
            connection.readHead();
            connection.write("HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhalf");
        })) {
            proxy.publish("up", upstream.address());
            try (RawClient client = new RawClient(address)) {
                client.get("/");
                client.head();
                assertThat(client.rest()).isEqualTo("half");
            }
            proxy.eventually(
                    "the broken response is counted",
                    () -> proxy.counter("cluster.up.upstream_cx_protocol_error") == 1);
        }
    }

    @Test
    void answers503WhenTheUpstreamClosesBeforeAnswering() throws IOException {
        try (RawUpstream upstream = new RawUpstream(connection -> connection.readHead())) {
            proxy.publish("up", upstream.address());
            try (RawClient client = new RawClient(address)) {
                assertThat(client.get("/").response())
                        .startsWith("HTTP/1.1 503 Service Unavailable")
                        .endsWith("upstream connect error or disconnect/reset before headers."
                                + " reset reason: connection termination");
            }
        }
    }

    @Test
    void answers503WhenTheUpstreamRefuses() throws IOException {
        InetSocketAddress nobody;
        try (ServerSocket free = new ServerSocket(0)) {
            nobody = new InetSocketAddress(InetAddress.getLoopbackAddress(), free.getLocalPort());
        }
        proxy.publish("up", nobody);
        try (RawClient client = new RawClient(address)) {
            assertThat(client.get("/").response()).endsWith("reset reason: remote connection failure");
            assertThat(client.get("/").response()).startsWith("HTTP/1.1 503");
        }
        assertThat(proxy.counter("cluster.up.upstream_cx_connect_fail")).isEqualTo(2);
    }

    @Test
    void answers502WhenTheUpstreamDoesNotSpeakHttp() throws IOException {
        try (RawUpstream upstream = RawUpstream.answering("SSH-2.0-OpenSSH\r\n\r\n")) {
            proxy.publish("up", upstream.address());
            try (RawClient client = new RawClient(address)) {
                assertThat(client.get("/").response())
                        .startsWith("HTTP/1.1 502 Bad Gateway")
                        .endsWith("reset reason: protocol error");
            }
        }
    }

    @Test
    void answers503WithoutEndpointsOrCluster() throws IOException {
        try (RawClient client = new RawClient(address)) {
            assertThat(client.get("/").response()).startsWith("HTTP/1.1 503").contains("content-length: 0\r\n");
            proxy.publish("up");
            assertThat(client.get("/").response()).endsWith("no healthy upstream");
        }
    }

    @Test
    void answersEarlyWhileTheBodyStillComesAndClosesThen() throws IOException {
        try (RawUpstream upstream = new RawUpstream(connection -> {
            connection.readHead();
            connection.write("HTTP/1.1 413 Payload Too Large\r\ncontent-length: 0\r\n\r\n");
            connection.readHead();
        })) {
            proxy.publish("up", upstream.address());
            try (RawClient client = new RawClient(address)) {
                client.send("POST / HTTP/1.1\r\nHost: test\r\nContent-Length: 1000000\r\n\r\nabc");
                assertThat(client.rest()).startsWith("HTTP/1.1 413").contains("connection: close\r\n");
            }
        }
    }

    @Test
    void takesASecondRequestOnAConnectionWhoseUpstreamWentAwayWhileIdle() throws IOException {
        try (RawUpstream upstream = new RawUpstream(connection -> {
            connection.readHead();
            connection.write(OK);
        })) {
            proxy.publish("up", upstream.address());
            try (RawClient client = new RawClient(address)) {
                assertThat(client.get("/").response()).endsWith("ok");
                proxy.eventually(
                        "the upstream connection is gone", () -> proxy.gauge("cluster.up.upstream_cx_active") == 0);
                assertThat(client.get("/").response()).endsWith("ok");
            }
        }
    }

    @Test
    void resetsTheUpstreamWhenTheClientGoesAway() throws IOException {
        try (RawUpstream upstream = new RawUpstream(connection -> {
            connection.readHead();
            connection.readHead();
        })) {
            proxy.publish("up", upstream.address());
            try (RawClient client = new RawClient(address)) {
                client.get("/");
                proxy.eventually("the request is upstream", () -> proxy.gauge("cluster.up.upstream_rq_active") == 1);
                client.abort();
            }
            proxy.eventually(
                    "nothing is left",
                    () -> proxy.gauge("cluster.up.upstream_rq_active") == 0
                            && proxy.gauge("cluster.up.upstream_cx_active") == 0
                            && proxy.gauge("http.http.downstream_cx_active") == 0
                            && proxy.gauge("http.http.downstream_rq_active") == 0);
        }
    }

    @Test
    void refusesWhatIsNotHttp() throws IOException {
        try (RawClient client = new RawClient(address)) {
            assertThat(client.send("hello there\r\n\r\n").rest())
                    .startsWith("HTTP/1.1 400 Bad Request")
                    .contains("connection: close\r\n");
        }
        assertThat(proxy.counter("http.http.downstream_cx_protocol_error")).isEqualTo(1);
    }

    @Test
    void hearsOutWhoSendsOnAfterARefusal() throws IOException {
        try (RawClient client = new RawClient(address)) {
            String refusal = client.send("hello there\r\n\r\n").response();
            assertThat(refusal).startsWith("HTTP/1.1 400");
            for (int i = 0; i < 3; i++) {
                client.send("and on it goes\r\n"); // a closed socket would answer it with a reset
            }
            assertThat(client.rest()).isEmpty();
        }
    }

    @Test
    void waitsNoLongerThanTheDelayForAClientThatDoesNotClose() throws IOException {
        try (RawClient client = new RawClient(address)) {
            client.send("hello there\r\n\r\n").response();
            proxy.eventually(
                    "it is closed all the same",
                    () -> proxy.counter("http.http.downstream_cx_delayed_close_timeout") == 1
                            && proxy.gauge("http.http.downstream_cx_active") == 0);
        }
    }

    @Test
    void neverReadsTheSecondHalfOfAnAmbiguousLength() throws IOException {
        try (RawUpstream upstream = RawUpstream.answering(OK)) {
            proxy.publish("up", upstream.address());
            try (RawClient client = new RawClient(address)) {
                client.send("POST / HTTP/1.1\r\nHost: test\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n");
                client.send("0\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: test\r\n\r\n");
                assertThat(client.rest()).startsWith("HTTP/1.1 400");
            }
            assertThat(upstream.requests()).isEmpty();
        }
    }
}
