package dev.starling.runtime.network.tcpproxy;

import static dev.starling.runtime.network.tcpproxy.TcpScene.read;
import static dev.starling.runtime.network.tcpproxy.TcpScene.reset;
import static dev.starling.runtime.network.tcpproxy.TcpScene.rest;
import static dev.starling.runtime.network.tcpproxy.TcpScene.send;
import static org.assertj.core.api.Assertions.assertThat;

import dev.starling.config.ByteCount;
import dev.starling.config.Percent;
import dev.starling.config.cluster.CircuitBreakers;
import dev.starling.config.cluster.CircuitBreakers.Thresholds;
import dev.starling.config.cluster.Cluster;
import dev.starling.config.cluster.OutlierDetection;
import dev.starling.config.tcp.TcpProxy;
import dev.starling.healthcheck.outlier.OutlierMonitor;
import dev.starling.runtime.listener.ProxyFixture;
import dev.starling.runtime.time.HeldClock;
import dev.starling.runtime.upstream.HangingEndpoint;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How an endpoint is reached, or not. Flags and counts are those of Envoy 1.40 in the same case. */
class TcpConnectIT {

    private static final OutlierDetection DETECTION = new OutlierDetection(
            new OutlierDetection.Consecutive(5, Percent.HUNDRED),
            new OutlierDetection.Consecutive(5, Percent.ZERO),
            Duration.ofSeconds(10),
            Duration.ofSeconds(30),
            Duration.ofSeconds(300),
            Duration.ZERO,
            new Percent(10),
            false,
            true);

    private final HeldClock clock = new HeldClock();
    private TcpScene scene;

    @BeforeEach
    void start() throws IOException {
        scene = new TcpScene(ProxyFixture.start(1, clock.clock()));
    }

    @AfterEach
    void close() throws IOException {
        scene.close();
    }

    @Test
    void closesTheClientWhenTheEndpointRefuses() throws IOException {
        InetSocketAddress refusing = refusing();
        scene.proxy.publish("one", refusing);
        Socket client = scene.client(scene.listen(TcpScene.to("one")));

        assertThat(rest(client)).isEmpty();
        assertThat(scene.logLine())
                .startsWith("UF,URX 0/0 attempts=1 host=127.0.0.1:" + refusing.getPort()
                        + " cluster=one failure=delayed_connect_error:_Connection_refused");
        scene.sessionsEnd();
        assertCluster("upstream_cx_total", 1);
        assertCluster("upstream_cx_connect_fail", 1);
        assertCluster("upstream_cx_connect_attempts_exceeded", 1);
        assertCluster("upstream_cx_destroy_remote", 1);
        assertCluster("upstream_cx_destroy_with_active_rq", 0);
        assertCluster("upstream_rq_pending_total", 1);
        assertCluster("upstream_rq_pending_failure_eject", 1);
        assertCluster("upstream_rq_total", 0);
        assertThat(scene.proxy.gauge("cluster.one.upstream_cx_active")).isZero();
        assertThat(scene.proxy.gauge("cluster.one.upstream_rq_pending_active")).isZero();
    }

    @Test
    void triesAnotherEndpointWhileAttemptsAreLeft() throws IOException {
        InetSocketAddress refusing = refusing();
        scene.proxy.publish("one", refusing, scene.address());
        InetSocketAddress listener = scene.listen(TcpScene.settings("one", Duration.ofHours(1), Optional.empty(), 2));

        for (int i = 0; i < 2; i++) { // round robin begins with either
            Socket client = scene.client(listener);
            Socket server = scene.accept();
            send(client, "hello");
            assertThat(read(server, 5)).isEqualTo("hello");
            client.close();
            server.close();
        }

        assertThat(List.of(attempts(scene.logLine()), attempts(scene.logLine())))
                .containsAnyOf("UF attempts=2", "- attempts=1")
                .contains("UF attempts=2");
        assertCluster("upstream_cx_connect_attempts_exceeded", 0);
    }

    private static String attempts(String line) {
        return line.substring(0, line.indexOf(' ')) + " " + line.split(" ", -1)[2];
    }

    @Test
    void countsEachOfItsAttempts() throws IOException {
        scene.proxy.publish("one", refusing());
        Socket client = scene.client(scene.listen(TcpScene.settings("one", Duration.ofHours(1), Optional.empty(), 3)));

        assertThat(rest(client)).isEmpty();
        assertThat(scene.logLine()).startsWith("UF,URX 0/0 attempts=3 ");
        assertCluster("upstream_cx_total", 3);
        assertCluster("upstream_cx_connect_fail", 3);
        assertCluster("upstream_cx_connect_attempts_exceeded", 1);
    }

    @Test
    void survivesMoreAttemptsThanAStackIsDeep() throws IOException {
        publishLimited(new Thresholds(10, 0, 10, 3, Long.MAX_VALUE, Optional.empty(), false));
        Socket client =
                scene.client(scene.listen(TcpScene.settings("one", Duration.ofHours(1), Optional.empty(), 20_000)));

        assertThat(rest(client)).isEmpty();
        assertThat(scene.logLine()).startsWith("URX 0/0 attempts=20000 host=- ");
        assertCluster("upstream_rq_pending_overflow", 20_000);
    }

    @Test
    void givesUpWhenTheConnectTimeoutIsOver() throws IOException {
        try (var hanging = new HangingEndpoint()) {
            scene.proxy.publish(hangingCluster(), OutlierMonitor.OFF, hanging.address());
            Socket client =
                    scene.client(scene.listen(TcpScene.settings("one", Duration.ofHours(1), Optional.empty(), 2)));
            awaitConnects(1);
            scene.pass(clock, Duration.ofMillis(30));
            assertThat(scene.lane().connections()).isEqualTo(1);
            scene.pass(clock, Duration.ofMillis(30));
            awaitConnects(2);
            scene.pass(clock, Duration.ofMillis(60));

            assertThat(rest(client)).isEmpty();
            assertThat(scene.logLine()).startsWith("UF,URX 0/0 attempts=2 ").contains(" failure=- ");
            assertCluster("upstream_cx_connect_timeout", 2);
            assertCluster("upstream_cx_connect_fail", 2);
            assertCluster("upstream_cx_destroy_local", 2);
        }
    }

    @Test
    void forgetsTheEndpointWhenTheClientResetsMeanwhile() throws IOException {
        try (var hanging = new HangingEndpoint()) {
            scene.proxy.publish(hangingCluster(), OutlierMonitor.OFF, hanging.address());
            Socket client = scene.client(scene.listen(TcpScene.to("one")));
            awaitConnects(1);
            reset(client);

            scene.sessionsEnd();
            assertThat(scene.logLine()).startsWith("- 0/0 attempts=1 ");
            assertCluster("upstream_rq_cancelled", 1);
            assertCluster("upstream_cx_connect_fail", 0);
            assertThat(scene.proxy.gauge("cluster.one.upstream_cx_active")).isZero();
        }
    }

    @Test
    void readsNothingFromTheClientBeforeThereIsAnEndpoint() throws IOException {
        try (var hanging = new HangingEndpoint()) {
            scene.proxy.publish(hangingCluster(), OutlierMonitor.OFF, hanging.address());
            Socket client = scene.client(scene.listen(TcpScene.to("one")));
            send(client, "early");
            awaitConnects(1);
            scene.pass(clock, Duration.ofMillis(60));

            assertThat(scene.logLine()).startsWith("UF,URX 0/0 ");
            assertThat(scene.proxy.counter("tcp.test.downstream_cx_rx_bytes_total"))
                    .isZero();
        }
    }

    @Test
    void passesOnWhatTheClientSentAndEndedBeforeThereWasAnEndpoint() throws IOException {
        scene.proxy.publish("one", scene.address());
        Socket client = scene.client(scene.listen(TcpScene.to("one")));
        send(client, "early");
        client.shutdownOutput();
        Socket server = scene.accept();

        assertThat(rest(server)).isEqualTo("early");
        send(server, "late");
        server.close();
        assertThat(rest(client)).isEqualTo("late");
    }

    @Test
    void closesTheClientWhereThereIsNoCluster() throws IOException {
        Socket client = scene.client(scene.listen(TcpScene.to("nowhere")));

        assertThat(rest(client)).isEmpty();
        assertThat(scene.logLine()).startsWith("NC 0/0 attempts=0 host=- cluster=- ");
        assertThat(scene.proxy.counter("tcp.test.downstream_cx_no_route")).isEqualTo(1);
    }

    @Test
    void closesTheClientWhereTheClusterHasNoEndpoint() throws IOException {
        scene.proxy.publish("one");
        Socket client = scene.client(scene.listen(TcpScene.to("one")));

        assertThat(rest(client)).isEmpty();
        assertThat(scene.logLine()).startsWith("UH 0/0 attempts=0 host=- cluster=one ");
        assertCluster("upstream_cx_none_healthy", 1);
    }

    @Test
    void closesTheClientWhenTheClusterHasAllItsConnections() throws IOException {
        publishLimited(new Thresholds(1, 10, 10, 3, Long.MAX_VALUE, Optional.empty(), false));
        InetSocketAddress listener = scene.listen(TcpScene.to("one"));
        Socket first = scene.client(listener);
        Socket server = scene.accept();
        Socket second = scene.client(listener);

        assertThat(rest(second)).isEmpty();
        assertThat(scene.logLine()).startsWith("UO 0/0 attempts=0 host=- cluster=one ");
        assertCluster("upstream_cx_overflow", 1);
        assertThat(scene.proxy.gauge("cluster.one.circuit_breakers.default.cx_open"))
                .isEqualTo(1);

        first.close();
        server.close();
        scene.sessionsEnd();
        assertThat(scene.proxy.gauge("cluster.one.circuit_breakers.default.cx_open"))
                .isZero();
        send(scene.client(listener), "third");
        assertThat(read(scene.accept(), 5)).isEqualTo("third");
    }

    @Test
    void tellsTheOutlierDetectorOfConnectionsThatFailedAndOpened() throws IOException {
        InetSocketAddress refusing = refusing();
        List<String> crossed = new CopyOnWriteArrayList<>();
        OutlierMonitor monitor = OutlierMonitor.of(DETECTION, (endpoint, kind) -> crossed.add(endpoint + " " + kind));
        scene.proxy.publish(ProxyFixture.cluster("one"), monitor, refusing);
        TcpProxy settings = TcpScene.settings("one", Duration.ofHours(1), Optional.empty(), 5);
        Socket client = scene.client(scene.listen(settings));

        assertThat(rest(client)).isEmpty();
        assertThat(crossed)
                .containsExactly(
                        "127.0.0.1:" + refusing.getPort() + " CONSECUTIVE_GATEWAY_FAILURE",
                        "127.0.0.1:" + refusing.getPort() + " CONSECUTIVE_5XX");
    }

    private void publishLimited(Thresholds thresholds) {
        scene.proxy.publish(limited(thresholds), OutlierMonitor.OFF, scene.address());
    }

    private static Cluster limited(Thresholds thresholds) {
        return ProxyFixture.cluster(
                "one",
                Duration.ofSeconds(5),
                ByteCount.mebibytes(1),
                new CircuitBreakers(thresholds, Thresholds.DEFAULT));
    }

    private static Cluster hangingCluster() {
        return ProxyFixture.cluster("one", Duration.ofMillis(50), ByteCount.mebibytes(1), CircuitBreakers.DEFAULT);
    }

    private void awaitConnects(long count) {
        scene.proxy.eventually(
                count + " attempts", () -> scene.proxy.counter("cluster.one.upstream_cx_total") == count);
    }

    private void assertCluster(String counter, long count) {
        assertThat(scene.proxy.counter("cluster.one." + counter)).as(counter).isEqualTo(count);
    }

    /** A port on which nobody listens any more. */
    private static InetSocketAddress refusing() throws IOException {
        try (var closed = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return (InetSocketAddress) closed.getLocalSocketAddress();
        }
    }
}
