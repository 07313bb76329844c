package dev.starling.runtime.network.tcpproxy;

import static dev.starling.runtime.network.tcpproxy.TcpScene.read;
import static dev.starling.runtime.network.tcpproxy.TcpScene.rest;
import static dev.starling.runtime.network.tcpproxy.TcpScene.send;
import static org.assertj.core.api.Assertions.assertThat;

import dev.starling.runtime.listener.ProxyFixture;
import dev.starling.runtime.time.HeldClock;
import dev.starling.runtime.upstream.HangingEndpoint;
import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How long a session may be idle, and how long it may last. */
class TcpTimeIT {

    private static final Duration LIMIT = Duration.ofMillis(40);
    private static final Duration LESS = Duration.ofMillis(25);
    private static final Duration MORE = Duration.ofMillis(60);

    private final HeldClock clock = new HeldClock();
    private TcpScene scene;

    @BeforeEach
    void start() throws IOException {
        scene = new TcpScene(ProxyFixture.start(1, clock.clock()));
        scene.proxy.publish("one", scene.address());
    }

    @AfterEach
    void close() throws IOException {
        scene.close();
    }

    @Test
    void closesASessionThroughWhichNothingPasses() throws IOException {
        Socket client = scene.client(scene.listen(TcpScene.settings("one", LIMIT, Optional.empty(), 1)));
        Socket server = scene.accept();
        pass(server, client);
        scene.pass(clock, MORE);

        assertThat(rest(client)).isEmpty();
        assertThat(rest(server)).isEmpty();
        assertThat(scene.logLine()).startsWith("- 0/1 ");
        assertThat(scene.proxy.counter("tcp.test.idle_timeout")).isEqualTo(1);
        assertThat(scene.proxy.counter("cluster.one.upstream_cx_destroy_local")).isEqualTo(1);
    }

    @Test
    void countsEitherDirectionAsActivity() throws IOException {
        Socket client = scene.client(scene.listen(TcpScene.settings("one", LIMIT, Optional.empty(), 1)));
        Socket server = scene.accept();
        for (int i = 0; i < 3; i++) {
            pass(client, server);
            scene.pass(clock, LESS);
            pass(server, client);
            scene.pass(clock, LESS);
        }
        assertThat(scene.proxy.counter("tcp.test.idle_timeout")).isZero();
        assertThat(scene.lane().connections()).isEqualTo(1);

        scene.pass(clock, LESS);
        scene.sessionsEnd();
        assertThat(scene.proxy.counter("tcp.test.idle_timeout")).isEqualTo(1);
    }

    @Test
    void closesASessionOfWhichOneSideHasEnded() throws IOException {
        Socket client = scene.client(scene.listen(TcpScene.settings("one", LIMIT, Optional.empty(), 1)));
        Socket server = scene.accept();
        client.shutdownOutput();
        assertThat(rest(server)).isEmpty();
        scene.pass(clock, MORE);

        assertThat(rest(client)).isEmpty();
        assertThat(scene.proxy.counter("tcp.test.idle_timeout")).isEqualTo(1);
    }

    @Test
    void closesASessionThatIsIdleWhileItConnects() throws IOException {
        try (var hanging = new HangingEndpoint()) {
            scene.proxy.publish("one", hanging.address());
            Socket client = scene.client(scene.listen(TcpScene.settings("one", LIMIT, Optional.empty(), 1)));
            scene.proxy.eventually(
                    "an attempt", () -> scene.proxy.gauge("cluster.one.upstream_rq_pending_active") == 1);
            scene.pass(clock, MORE);

            assertThat(rest(client)).isEmpty();
            assertThat(scene.logLine()).startsWith("- 0/0 attempts=1 ");
            assertThat(scene.proxy.counter("tcp.test.idle_timeout")).isEqualTo(1);
            assertThat(scene.proxy.counter("cluster.one.upstream_rq_cancelled")).isEqualTo(1);
        }
    }

    @Test
    void letsASessionWithoutIdleTimeoutBe() throws IOException {
        Socket client = scene.client(scene.listen(TcpScene.settings("one", Duration.ZERO, Optional.empty(), 1)));
        Socket server = scene.accept();
        pass(client, server);
        scene.pass(clock, Duration.ofDays(1));

        pass(server, client);
        assertThat(scene.proxy.counter("tcp.test.idle_timeout")).isZero();
    }

    @Test
    void closesABusySessionWhenItsTimeIsOver() throws IOException {
        Socket client =
                scene.client(scene.listen(TcpScene.settings("one", Duration.ofHours(1), Optional.of(LIMIT), 1)));
        Socket server = scene.accept();
        pass(client, server);
        scene.pass(clock, LESS);
        pass(server, client);
        scene.pass(clock, LESS);

        assertThat(rest(client)).isEmpty();
        assertThat(rest(server)).isEmpty();
        assertThat(scene.logLine()).startsWith("DT 1/1 ");
        assertThat(scene.proxy.counter("tcp.test.max_downstream_connection_duration"))
                .isEqualTo(1);
    }

    @Test
    void closesASessionThatIsStillConnectingWhenItsTimeIsOver() throws IOException {
        try (var hanging = new HangingEndpoint()) {
            scene.proxy.publish("one", hanging.address());
            Socket client =
                    scene.client(scene.listen(TcpScene.settings("one", Duration.ofHours(1), Optional.of(LIMIT), 1)));
            scene.proxy.eventually(
                    "an attempt", () -> scene.proxy.gauge("cluster.one.upstream_rq_pending_active") == 1);
            scene.pass(clock, MORE);

            assertThat(rest(client)).isEmpty();
            assertThat(scene.logLine()).startsWith("DT 0/0 attempts=1 ");
            assertThat(scene.proxy.gauge("cluster.one.upstream_cx_active")).isZero();
            assertThat(scene.proxy.gauge("cluster.one.upstream_rq_pending_active"))
                    .isZero();
        }
    }

    private static void pass(Socket from, Socket to) throws IOException {
        send(from, "x");
        assertThat(read(to, 1)).isEqualTo("x");
    }
}
