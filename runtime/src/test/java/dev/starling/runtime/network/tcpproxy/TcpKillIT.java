package dev.starling.runtime.network.tcpproxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.starling.config.route.RouteAction.RoutingPriority;
import dev.starling.runtime.cluster.ClusterTraffic;
import dev.starling.runtime.listener.ProxyFixture;
import dev.starling.runtime.network.LeakWatch;
import java.io.IOException;
import java.net.Socket;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Whoever ends a session, and at whatever point: nothing of it is left. */
class TcpKillIT {

    private static final byte[] MORE_THAN_SOCKETS_HOLD = new byte[32 * 1024 * 1024];

    /** How far a session has come. */
    enum Point {
        CONNECTED,
        BYTES_PASSED,
        BYTES_WAIT_FOR_THE_ENDPOINT,
        BYTES_WAIT_FOR_THE_CLIENT,
        BYTES_WAIT_ON_BOTH_SIDES,
        CLIENT_ENDED,
        ENDPOINT_ENDED,
        CLIENT_ENDED_AND_BYTES_WAIT_FOR_IT,
        ENDPOINT_ENDED_AND_BYTES_WAIT_FOR_IT
    }

    enum Killer {
        CLIENT_RESETS,
        CLIENT_CLOSES,
        ENDPOINT_RESETS,
        ENDPOINT_CLOSES,
        LANE_CLOSES
    }

    static Stream<Arguments> everyKillAtEveryPoint() {
        return Stream.of(Point.values())
                .flatMap(point -> Stream.of(Killer.values()).map(killer -> Arguments.of(point, killer)));
    }

    @ParameterizedTest
    @MethodSource("everyKillAtEveryPoint")
    void leavesNothing(Point point, Killer killer) throws IOException {
        try (var leaks = LeakWatch.start();
                var scene = new TcpScene()) {
            ClusterTraffic traffic = scene.proxy.publish("one", scene.address());
            Socket client = scene.client(scene.listen(TcpScene.to("one")));
            Socket server = scene.accept();
            reach(point, scene, client, server);
            kill(killer, scene, client, server);

            scene.sessionsEnd();
            assertThat(traffic.breaker(RoutingPriority.DEFAULT).connections().count())
                    .isZero();
            assertThat(traffic.breaker(RoutingPriority.DEFAULT).requests().count())
                    .isZero();
            assertThat(traffic.breaker(RoutingPriority.DEFAULT)
                            .pendingRequests()
                            .count())
                    .isZero();
            for (String gauge : new String[] {
                "cluster.one.upstream_cx_active",
                "cluster.one.upstream_rq_active",
                "tcp.test.upstream_flush_active",
                "listener.fixture-0.downstream_cx_active"
            }) {
                assertThat(scene.proxy.gauge(gauge)).as(gauge).isZero();
            }
            scene.proxy.eventually(
                    "nothing buffered", () -> scene.proxy.gauge("tcp.test.downstream_cx_tx_bytes_buffered") == 0);
            assertThat(leaks.leaks()).isEmpty();
        }
    }

    private static void reach(Point point, TcpScene scene, Socket client, Socket server) throws IOException {
        TcpScene.send(client, "q");
        assertThat(TcpScene.read(server, 1)).isEqualTo("q");
        switch (point) {
            case CONNECTED -> {}
            case BYTES_PASSED -> {
                TcpScene.send(server, "a");
                assertThat(TcpScene.read(client, 1)).isEqualTo("a");
            }
            case BYTES_WAIT_FOR_THE_ENDPOINT -> fill(client, scene, "tcp.test.downstream");
            case BYTES_WAIT_FOR_THE_CLIENT -> fill(server, scene, "cluster.one.upstream");
            case BYTES_WAIT_ON_BOTH_SIDES -> {
                fill(client, scene, "tcp.test.downstream");
                fill(server, scene, "cluster.one.upstream");
            }
            case CLIENT_ENDED -> end(client, server);
            case ENDPOINT_ENDED -> end(server, client);
            case CLIENT_ENDED_AND_BYTES_WAIT_FOR_IT -> {
                end(client, server);
                fill(server, scene, "cluster.one.upstream");
            }
            case ENDPOINT_ENDED_AND_BYTES_WAIT_FOR_IT -> {
                end(server, client);
                fill(client, scene, "tcp.test.downstream");
            }
        }
    }

    private static void end(Socket from, Socket to) throws IOException {
        from.shutdownOutput();
        assertThat(TcpScene.rest(to)).isEmpty();
    }

    /** Sends until the proxy no longer reads. */
    private static void fill(Socket socket, TcpScene scene, String scope) {
        Thread.ofVirtual().start(() -> {
            try {
                socket.getOutputStream().write(MORE_THAN_SOCKETS_HOLD);
            } catch (IOException killed) {
                // as is meant
            }
        });
        scene.proxy.eventually(
                "the proxy is full",
                () -> scene.proxy.counter(scope + "_flow_control_paused_reading_total")
                        > scene.proxy.counter(scope + "_flow_control_resumed_reading_total"));
    }

    private static void kill(Killer killer, TcpScene scene, Socket client, Socket server) throws IOException {
        switch (killer) {
            case CLIENT_RESETS -> TcpScene.reset(client);
            case ENDPOINT_RESETS -> TcpScene.reset(server);
            case CLIENT_CLOSES -> {
                client.close();
                server.close();
            }
            case ENDPOINT_CLOSES -> {
                server.close();
                client.close();
            }
            case LANE_CLOSES ->
                ProxyFixture.on(scene.proxy.loop(), () -> {
                    scene.lane().closeAll();
                    return true;
                });
        }
    }
}
