package dev.starling.runtime.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.starling.config.http.HttpConnectionManager;
import dev.starling.runtime.control.Configs;
import dev.starling.runtime.http.KillScene.Kill;
import dev.starling.runtime.http.Outcomes.Outcome;
import dev.starling.runtime.listener.ProxyFixture;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tunnels over real sockets: either side goes away after every byte, and nothing is left, held back or mixed up. */
@Timeout(120)
class TunnelIT {

    private static final int BUFFER_BYTES = 64 * 1024;
    private static final int MUCH_BYTES = 32 << 20;
    private static final String LISTENER = """
              - name: tunnels
                address: {socket_address: {address: 127.0.0.1, port_value: 0}}
                filter_chains:
                - filters:
                  - name: http
                    typed_config:
                      "@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
                      stat_prefix: http
                      upgrade_configs: [{upgrade_type: websocket}, {upgrade_type: CONNECT}]
                      route_config:
                        validate_clusters: false
                        virtual_hosts:
                        - name: tcp
                          domains: ["tcp:80"]
                          routes:
                          - match: {connect_matcher: {}}
                            route: {cluster: up, upgrade_configs: [{upgrade_type: CONNECT, connect_config: {}}]}
                        - name: others
                          domains: ["*"]
                          routes:
                          - {match: {connect_matcher: {}}, route: {cluster: up}}
                          - {match: {prefix: /}, route: {cluster: up}}
                      http_filters:
                      - name: router
                        typed_config:
                          "@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router
            """;

    private static final String CHUNK = "0123456789abcdef".repeat(4096);

    private KillScene scene;
    private ProxyFixture proxy;
    private Outcomes outcomes;
    private InetSocketAddress address;

    /** How a tunnel is asked for and granted. */
    enum Tunnel {
        UPGRADE(
                "GET /ws HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n",
                "HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: upgrade\r\n\r\n",
                101),
        CONNECT("CONNECT proxied:80 HTTP/1.1\r\nHost: proxied:80\r\n\r\n", "HTTP/1.1 200 OK\r\n\r\n", 200),
        TCP("CONNECT tcp:80 HTTP/1.1\r\nHost: tcp:80\r\n\r\n", "", 200);

        private final String asked;
        private final String granted;
        private final int status;

        Tunnel(String asked, String granted, int status) {
            this.asked = asked;
            this.granted = granted;
            this.status = status;
        }

        void grant(RawUpstream.Connection connection) throws IOException {
            if (this != TCP) {
                connection.readHead();
                connection.write(granted);
            }
        }

        RawClient open(InetSocketAddress address) throws IOException {
            RawClient client = new RawClient(address).send(asked);
            assertThat(client.head()).startsWith("HTTP/1.1 " + status + " ").doesNotContain("close");
            return client;
        }
    }

    @BeforeEach
    void start() {
        scene = KillScene.of(settings(), ProxyFixture.cluster("up"));
        proxy = scene.proxy();
        outcomes = scene.outcomes();
        address = scene.address();
    }

    @AfterEach
    void stop() {
        scene.nothingIsLeft("at the end");
        scene.close();
    }

    private static HttpConnectionManager settings() {
        return (HttpConnectionManager) Configs.listener(LISTENER)
                .filterChains()
                .getFirst()
                .filters()
                .getFirst()
                .config();
    }

    @ParameterizedTest
    @CsvSource({"UPGRADE, FIN", "UPGRADE, RST", "CONNECT, FIN", "CONNECT, RST", "TCP, FIN", "TCP, RST"})
    void givesBackEverythingWhenTheClientGoesAway(Tunnel tunnel, Kill kill) throws Exception {
        String said = tunnel.asked + "hello";
        try (var upstream = new RawUpstream(connection -> {
            tunnel.grant(connection);
            connection.write("welcome");
            connection.read(Integer.MAX_VALUE);
        })) {
            scene.publish(upstream.address());
            long received = 0;
            for (int sent = 0; sent <= said.length(); sent++) {
                try (RawClient client = new RawClient(address)) {
                    client.send(said.substring(0, sent));
                    received += sent;
                    boolean open = sent >= tunnel.asked.length();
                    if (open) {
                        assertThat(client.head()).contains(" " + tunnel.status + " ");
                        assertThat(client.read(7)).isEqualTo("welcome");
                        assertThat(proxy.gauge("http.http.downstream_cx_upgrades_active"))
                                .isEqualTo(1);
                    }
                    long expected = received;
                    proxy.eventually(
                            "all has been read",
                            () -> proxy.counter("http.http.downstream_cx_rx_bytes_total") == expected);
                    kill.client(client);
                    if (open) {
                        assertThat(outcomes.next())
                                .isEqualTo(new Outcome(tunnel.status, "DC", "downstream_remote_disconnect"));
                    }
                    scene.nothingIsLeft(tunnel + " killed by " + kill + " after " + sent + " bytes");
                }
            }
            assertThat(outcomes.isEmpty()).isTrue();
        }
    }

    @ParameterizedTest
    @CsvSource({"UPGRADE, FIN", "UPGRADE, RST", "CONNECT, FIN", "CONNECT, RST", "TCP, FIN", "TCP, RST"})
    void tellsTheClientWhenTheUpstreamGoesAway(Tunnel tunnel, Kill kill) throws Exception {
        String said = tunnel.granted + "world";
        int[] length = {0};
        var go = new Semaphore(0);
        try (var upstream = new RawUpstream(connection -> {
            if (tunnel != Tunnel.TCP) {
                connection.readHead();
            }
            connection.write(said.substring(0, length[0]));
            go.acquireUninterruptibly();
            kill.upstream(connection);
        })) {
            scene.publish(upstream.address());
            for (length[0] = 0; length[0] <= said.length(); length[0]++) {
                String what = tunnel + " killed by " + kill + " after " + length[0] + " bytes";
                boolean open = length[0] >= tunnel.granted.length();
                try (RawClient client = new RawClient(address)) {
                    client.send(tunnel.asked + "early");
                    if (open) {
                        assertThat(client.head()).contains(" " + tunnel.status + " ");
                        assertThat(client.read(length[0] - tunnel.granted.length()))
                                .isEqualTo(said.substring(tunnel.granted.length(), length[0]));
                    } else {
                        int expected = length[0] + 1;
                        proxy.eventually(
                                "the upstream is asked",
                                () -> upstream.requests().size() == expected);
                    }
                    go.release();
                    Outcome outcome = outcomes.next();
                    if (open && tunnel == Tunnel.TCP && kill == Kill.FIN) {
                        assertThat(outcome).as(what).isEqualTo(new Outcome(200, "", "via_upstream"));
                    } else if (open) {
                        assertThat(outcome)
                                .as(what)
                                .isEqualTo(new Outcome(
                                        tunnel.status,
                                        "UC",
                                        "upstream_reset_after_response_started{connection_termination}"));
                    } else {
                        assertThat(outcome.status()).as(what).isIn(502, 503);
                    }
                    assertThat(client.rest()).as(what).doesNotContain(" 200 ");
                }
                scene.nothingIsLeft(what);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"UPGRADE", "CONNECT", "TCP"})
    void holdsTheClientBackWhileTheUpstreamDoesNotRead(Tunnel tunnel) throws Exception {
        var go = new Semaphore(0);
        var got = new StringBuilder();
        try (var upstream = new RawUpstream(connection -> {
            tunnel.grant(connection);
            go.acquireUninterruptibly();
            for (int i = 0; i < MUCH_BYTES / CHUNK.length(); i++) {
                if (!connection.read(CHUNK.length()).equals(CHUNK)) {
                    got.append("chunk ").append(i).append(" is wrong");
                }
            }
            connection.write("all");
            connection.read(1);
        })) {
            scene.publish(upstream.address());
            try (RawClient client = tunnel.open(address)) {
                new TunnelEnd.OldClient(client).keepSending(CHUNK, MUCH_BYTES, got::append);
                proxy.eventually(
                        "reading pauses",
                        () -> proxy.counter("http.http.downstream_flow_control_paused_reading_total") > 0);
                go.release();
                assertThat(client.read(3)).isEqualTo("all");
            }
            assertThat(got).isEmpty();
            assertThat(outcomes.next().flags()).isEqualTo("DC");
        }
    }

    @ParameterizedTest
    @CsvSource({"UPGRADE", "CONNECT", "TCP"})
    void holdsTheUpstreamBackWhileTheClientDoesNotRead(Tunnel tunnel) throws Exception {
        var written = new Semaphore(0);
        try (var upstream = new RawUpstream(connection -> {
            tunnel.grant(connection);
            for (int i = 0; i < MUCH_BYTES / CHUNK.length(); i++) {
                connection.write(CHUNK);
            }
            written.release();
            connection.read(1);
        })) {
            scene.publish(upstream.address());
            try (RawClient client = tunnel.open(address)) {
                long[] before = {-1};
                proxy.eventually("nothing comes any more", () -> {
                    long read = proxy.counter("cluster.up.upstream_cx_rx_bytes_total");
                    boolean same = read > BUFFER_BYTES && read == before[0];
                    before[0] = read;
                    return same && written.availablePermits() == 0;
                });
                for (int i = 0; i < MUCH_BYTES / CHUNK.length(); i++) {
                    assertThat(client.read(CHUNK.length()).equals(CHUNK))
                            .as("chunk %d", i)
                            .isTrue();
                }
                written.acquire();
            }
            assertThat(outcomes.next().flags()).isEqualTo("DC");
        }
    }

    @Test
    void usesNoConnectionAgainThatWasATunnelOrRefusedToBe() throws Exception {
        try (var upstream = new RawUpstream(connection -> {
            for (String head = connection.readHead(); head != null; head = connection.readHead()) {
                connection.write(
                        head.contains("/ws")
                                ? "HTTP/1.1 404 Not Found\r\ncontent-length: 2\r\n\r\nno"
                                : "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok");
            }
        })) {
            scene.publish(upstream.address());
            String smuggled = "GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n";
            try (RawClient client = new RawClient(address)) {
                client.send(Tunnel.UPGRADE.asked + smuggled);
                assertThat(client.response())
                        .contains(" 404 ", "connection: close")
                        .endsWith("no");
                assertThat(client.rest()).isEmpty();
            }
            scene.nothingIsLeft("after a refusal");
            assertThat(proxy.gauge("cluster.up.upstream_cx_active")).isZero();
            try (RawClient client = new RawClient(address)) {
                assertThat(client.get("/").response()).endsWith("ok");
            }
            assertThat(upstream.requests()).hasSize(2).noneMatch(head -> head.contains("smuggled"));
            assertThat(upstream.connections()).isEqualTo(2);
        }
    }

    @Test
    void outlivesADrain() throws Exception {
        try (var upstream = new RawUpstream(connection -> {
            Tunnel.UPGRADE.grant(connection);
            connection.write(connection.read(4));
            connection.read(1);
        })) {
            scene.publish(upstream.address());
            try (RawClient client = Tunnel.UPGRADE.open(address)) {
                ProxyFixture.on(proxy.loop(), () -> {
                    proxy.lane(0, proxy.loop()).drain();
                    return true;
                });
                assertThat(client.send("ping").read(4)).isEqualTo("ping");
                ProxyFixture.on(proxy.loop(), () -> {
                    proxy.lane(0, proxy.loop()).closeAll();
                    return true;
                });
                assertThat(client.rest()).isEmpty();
            }
            assertThat(outcomes.next().flags()).isEqualTo("DC");
        }
    }
}
