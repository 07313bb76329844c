package dev.starling.runtime.network.tcpproxy;

import static dev.starling.runtime.network.tcpproxy.TcpScene.RESET;
import static dev.starling.runtime.network.tcpproxy.TcpScene.read;
import static dev.starling.runtime.network.tcpproxy.TcpScene.reset;
import static dev.starling.runtime.network.tcpproxy.TcpScene.rest;
import static dev.starling.runtime.network.tcpproxy.TcpScene.send;
import static org.assertj.core.api.Assertions.assertThat;

import dev.starling.runtime.network.LoopFilter;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What passes between two sockets, and how their ends pass. The counts are those of Envoy 1.40 in the same case. */
class TcpProxyIT {

    private TcpScene scene;
    private Socket client;
    private Socket server;

    @BeforeEach
    void connect() throws IOException {
        scene = new TcpScene();
        client = scene.client(scene.passAll());
        server = scene.accept();
    }

    @AfterEach
    void close() throws IOException {
        scene.close();
    }

    @Test
    void carriesBytesBothWays() throws IOException {
        send(client, "question");
        assertThat(read(server, 8)).isEqualTo("question");
        send(server, "answer");
        assertThat(read(client, 6)).isEqualTo("answer");
        send(client, "again");
        assertThat(read(server, 5)).isEqualTo("again");

        assertThat(scene.lane().connections()).isEqualTo(1);
        assertThat(scene.proxy.gauge("cluster.one.upstream_cx_active")).isEqualTo(1);
        assertThat(scene.proxy.gauge("cluster.one.upstream_rq_active")).isEqualTo(1);
        assertThat(scene.proxy.gauge("cluster.one.upstream_rq_pending_active")).isZero();
        assertThat(scene.proxy.counter("tcp.test.downstream_cx_rx_bytes_total")).isEqualTo(13);
        assertThat(scene.proxy.counter("tcp.test.downstream_cx_tx_bytes_total")).isEqualTo(6);
        assertThat(scene.proxy.counter("cluster.one.upstream_cx_tx_bytes_total"))
                .isEqualTo(13);
        assertThat(scene.proxy.counter("cluster.one.upstream_cx_rx_bytes_total"))
                .isEqualTo(6);
    }

    @Test
    void passesTheClientsEndOnAndStillTheAnswer() throws IOException {
        send(client, "all of it");
        client.shutdownOutput();
        assertThat(rest(server)).isEqualTo("all of it");
        send(server, "and the answer");
        assertThat(read(client, 14)).isEqualTo("and the answer");
        server.close();
        assertThat(rest(client)).isEmpty();

        assertThat(scene.logLine())
                .startsWith(
                        "- 9/14 attempts=1 host=127.0.0.1:" + scene.address().getPort() + " cluster=one failure=-")
                .endsWith(" TcpConnectionEnd code=0 protocol=-");
        scene.sessionsEnd();
        assertEnded("remote");
    }

    @Test
    void passesTheEndpointsEndOnAndStillWhatTheClientSends() throws IOException {
        send(server, "greeting");
        server.shutdownOutput();
        assertThat(rest(client)).isEqualTo("greeting");
        send(client, "late");
        client.shutdownOutput();
        assertThat(rest(server)).isEqualTo("late");

        assertThat(scene.logLine()).startsWith("- 4/8 ");
        scene.sessionsEnd();
        assertEnded("local");
    }

    @Test
    void closesBothSidesWhenBothEndAtOnce() throws IOException {
        client.shutdownOutput();
        server.shutdownOutput();
        assertThat(rest(client)).isEmpty();
        assertThat(rest(server)).isEmpty();

        scene.sessionsEnd();
        assertThat(scene.proxy.counter("cluster.one.upstream_cx_destroy")).isEqualTo(1);
    }

    @Test
    void resetsTheClientWhenTheEndpointResets() throws IOException {
        send(client, "x");
        assertThat(read(server, 1)).isEqualTo("x");
        send(server, "part");
        assertThat(read(client, 4)).isEqualTo("part");
        reset(server);
        assertThat(rest(client)).isEqualTo(RESET);

        assertThat(scene.logLine()).startsWith("UR 1/4 ");
        scene.sessionsEnd();
        assertEnded("remote");
    }

    @Test
    void deliversWhatTheEndpointSentBeforeItReset() throws IOException {
        send(client, "x");
        assertThat(read(server, 1)).isEqualTo("x");
        send(server, "reply");
        reset(server); // closing with bytes unread does the same, but Java's sockets end before they close
        assertThat(read(client, 5)).isEqualTo("reply");
        assertThat(rest(client)).isEqualTo(RESET);

        assertThat(scene.logLine()).startsWith("UR 1/5 ");
    }

    @Test
    void resetsTheEndpointWhenTheClientResets() throws IOException {
        send(client, "x");
        assertThat(read(server, 1)).isEqualTo("x");
        reset(client);
        assertThat(rest(server)).isEqualTo(RESET);

        assertThat(scene.logLine()).startsWith("- 1/0 ");
        scene.sessionsEnd();
        assertEnded("local");
    }

    @Test
    void noticesAResetBehindTheClientsEnd() throws IOException {
        client.shutdownOutput();
        assertThat(rest(server)).isEmpty();
        reset(client);

        scene.sessionsEnd();
        assertThat(scene.logLine()).startsWith("- 0/0 ");
    }

    @Test
    void noticesAResetBehindTheEndpointsEnd() throws IOException {
        server.shutdownOutput();
        assertThat(rest(client)).isEmpty();
        reset(server);

        scene.sessionsEnd();
        assertThat(scene.logLine()).startsWith("UR 0/0 ");
    }

    @Test
    void resetsTheEndpointWhenTheClientHasGoneAndMoreComes() throws IOException {
        client.close();
        assertThat(rest(server)).isEmpty();
        send(server, "to nobody");

        assertThat(scene.logLine()).startsWith("- ");
        scene.sessionsEnd();
    }

    @Test
    void survivesAFaultOfAnotherSession() throws IOException {
        AtomicInteger sessions = new AtomicInteger();
        InetSocketAddress listener = scene.listen(TcpScene.to("one"), (info, request) -> {
            if (sessions.incrementAndGet() == 1) {
                throw new IllegalStateException("a fault, as the test wants it");
            }
            return true;
        });
        LoopFilter lane = scene.proxy.lane(1, scene.proxy.loop());
        Socket unlucky = scene.client(listener);
        scene.accept().close();
        Socket lucky = scene.client(listener);
        Socket answering = scene.accept();
        unlucky.close();
        scene.proxy.eventually("the fault", () -> scene.proxy.counter("starling.loop.turn_failures") == 1);

        assertThat(lane.connections()).isEqualTo(1);
        send(lucky, "still here");
        assertThat(read(answering, 10)).isEqualTo("still here");
        lucky.close();
        answering.close();
        assertThat(scene.logLine()).startsWith("- 10/0 ");
        scene.proxy.eventually("no session", () -> lane.connections() == 0);
    }

    private void assertEnded(String side) {
        var counters = scene.proxy;
        assertThat(counters.counter("tcp.test.downstream_cx_total")).isEqualTo(1);
        for (String counter : new String[] {
            "upstream_cx_total",
            "upstream_rq_total",
            "upstream_rq_pending_total",
            "upstream_cx_destroy",
            "upstream_cx_destroy_with_active_rq",
            "upstream_cx_destroy_" + side,
            "upstream_cx_destroy_" + side + "_with_active_rq"
        }) {
            assertThat(counters.counter("cluster.one." + counter)).as(counter).isEqualTo(1);
        }
        assertThat(counters.gauge("cluster.one.upstream_cx_active")).isZero();
        assertThat(counters.gauge("cluster.one.upstream_rq_active")).isZero();
        assertThat(counters.gauge("tcp.test.downstream_cx_tx_bytes_buffered")).isZero();
    }
}
