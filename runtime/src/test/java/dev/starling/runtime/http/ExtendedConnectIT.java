package dev.starling.runtime.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.starling.config.http.HttpConnectionManager;
import dev.starling.healthcheck.outlier.OutlierMonitor;
import dev.starling.runtime.control.Configs;
import dev.starling.runtime.listener.HttpFixture;
import dev.starling.runtime.listener.ProxyFixture;
import dev.starling.runtime.network.LeakWatch;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** WebSockets where at least one side speaks HTTP/2 (RFC 8441), over real sockets. */
@Timeout(60)
class ExtendedConnectIT {

    private static final String LISTENER = """
              - name: tunnels
                address: {socket_address: {address: 127.0.0.1, port_value: 0}}
                filter_chains:
                - filters:
                  - name: http
                    typed_config:
                      "@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
                      stat_prefix: http
                      upgrade_configs: [{upgrade_type: websocket}]
                      http2_protocol_options: {allow_connect: true}
                      route_config:
                        validate_clusters: false
                        virtual_hosts: [{name: all, domains: ["*"], routes: [{match: {prefix: /}, route: {cluster: up}}]}]
                      http_filters:
                      - name: router
                        typed_config:
                          "@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router
            """;

    private static final int SETTINGS_INITIAL_WINDOW = 4;
    private static final int MUCH_BYTES = 16 << 20;
    private static final int HELD_BYTES = 2 << 20;
    private static final String CHUNK = "0123456789abcdef".repeat(1024);

    private final LeakWatch leaks = LeakWatch.start();
    private ProxyFixture proxy;
    private InetSocketAddress address;

    /** Who speaks what: the client, then the endpoint. */
    enum Mix {
        NEW_TO_OLD,
        NEW_TO_NEW,
        OLD_TO_NEW;

        boolean newClient() {
            return this != OLD_TO_NEW;
        }

        boolean newServer() {
            return this != NEW_TO_OLD;
        }
    }

    /** What an endpoint does with a tunnel that it has granted. */
    private interface Script {
        void serve(TunnelEnd server) throws IOException;
    }

    @BeforeEach
    void start() {
        proxy = ProxyFixture.start();
        HttpConnectionManager settings = (HttpConnectionManager) Configs.listener(LISTENER)
                .filterChains()
                .getFirst()
                .filters()
                .getFirst()
                .config();
        address = proxy.listen(HttpFixture.connectionManager(settings));
    }

    @AfterEach
    void stop() {
        proxy.eventually(
                "nothing is left",
                () -> proxy.gauge("http.http.downstream_cx_active") == 0
                        && proxy.gauge("http.http.downstream_cx_upgrades_active") == 0
                        && proxy.gauge("cluster.up.upstream_rq_active") == 0);
        proxy.close();
        assertThat(leaks.leaks()).isEmpty();
        leaks.close();
    }

    private RawUpstream granting(Mix mix, Script script) throws IOException {
        RawUpstream upstream = new RawUpstream(connection -> {
            if (mix.newServer()) {
                Http2Peer peer = Http2Peer.begin(connection);
                Http2Peer.Frame head = peer.next(Http2Peer.HEADERS);
                if (head == null) {
                    return;
                }
                assertThat(head.fields()).contains(":method: CONNECT\n", ":protocol: websocket\n", ":path: /ws\n");
                peer.headers(head.stream(), false, ":status", "200", "x-a", "1");
                script.serve(new TunnelEnd.NewServer(peer, head.stream()));
            } else {
                assertThat(connection.readHead())
                        .startsWith("GET /ws HTTP/1.1\r\n")
                        .contains("upgrade: websocket\r\n")
                        .doesNotContain(":protocol");
                connection.write(
                        "HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: upgrade\r\nx-a: 1\r\n\r\n");
                script.serve(new TunnelEnd.OldServer(connection));
            }
        });
        publish(mix, upstream);
        return upstream;
    }

    private void publish(Mix mix, RawUpstream upstream) {
        String protocol =
                mix.newServer() ? "http2_protocol_options: {allow_connect: true}" : "http_protocol_options: {}";
        String settings = """
                typed_extension_protocol_options: {envoy.extensions.upstreams.http.v3.HttpProtocolOptions: {"@type": \
                type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions, explicit_http_config: {%s}}}\
                """.formatted(protocol);
        proxy.publish(
                Configs.cluster(Configs.cluster("up", settings, upstream.address())),
                OutlierMonitor.OFF,
                upstream.address());
    }

    private Http2Client newClient(int... settings) throws IOException {
        return new Http2Client(address)
                .settings(settings)
                .headers(
                        1,
                        false,
                        ":method",
                        "CONNECT",
                        ":protocol",
                        "websocket",
                        ":scheme",
                        "http",
                        ":path",
                        "/ws",
                        ":authority",
                        "test");
    }

    private RawClient oldClient() throws IOException {
        return new RawClient(address)
                .send("GET /ws HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n");
    }

    /** What a test does with its open tunnel. */
    private interface Visit {
        void pay(TunnelEnd client) throws Exception;
    }

    private void visit(Mix mix, Visit visit) throws Exception {
        if (mix.newClient()) {
            try (Http2Client client = newClient()) {
                while (client.answer(1).status.isEmpty()) {
                    client.readFrame();
                }
                assertThat(client.answer(1).status).isEqualTo("200");
                visit.pay(new TunnelEnd.NewClient(client));
            }
        } else {
            try (RawClient client = oldClient()) {
                assertThat(client.head())
                        .startsWith("HTTP/1.1 101 ")
                        .containsIgnoringCase("\r\nupgrade: websocket\r\n")
                        .contains("x-a: 1\r\n");
                visit.pay(new TunnelEnd.OldClient(client));
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Mix.class)
    void passesWhatBothSidesSay(Mix mix) throws Exception {
        try (var _ = granting(mix, server -> {
            server.send(server.read(5) + "!");
            server.ending();
        })) {
            visit(mix, client -> {
                client.send("hello");
                assertThat(client.read(6)).isEqualTo("hello!");
                assertThat(proxy.gauge("http.http.downstream_cx_upgrades_active"))
                        .isEqualTo(1);
            });
        }
    }

    @ParameterizedTest
    @EnumSource(Mix.class)
    void passesARefusalOnAndNothingThatWasSaidBefore(Mix mix) throws Exception {
        var seen = new CompletableFuture<String>();
        try (var upstream = new RawUpstream(connection -> {
            if (mix.newServer()) {
                Http2Peer peer = Http2Peer.begin(connection);
                int stream = Objects.requireNonNull(peer.next(Http2Peer.HEADERS)).stream();
                peer.headers(stream, false, ":status", "403").data(stream, "no", true);
                Http2Peer.Frame frame = peer.next();
                while (frame != null && frame.type() != Http2Peer.DATA && frame.type() != Http2Peer.RST_STREAM) {
                    frame = peer.next();
                }
                seen.complete(frame == null || frame.payload().length <= 4 ? "nothing" : "early");
            } else {
                connection.readHead();
                connection.write("HTTP/1.1 403 No\r\ncontent-length: 2\r\n\r\nno");
                seen.complete(connection.read(5).isEmpty() ? "nothing" : "early");
            }
        })) {
            publish(mix, upstream);
            if (mix.newClient()) {
                try (Http2Client client = newClient()) {
                    client.data(1, "early bytes", false);
                    assertThat(client.ended(1).status).isEqualTo("403");
                    assertThat(client.answer(1).text.toString()).isEqualTo("no");
                }
            } else {
                try (RawClient client = oldClient().send("early bytes")) {
                    assertThat(client.rest()).startsWith("HTTP/1.1 403 ").contains("\r\nno\r\n");
                }
            }
            assertThat(seen.get(20, TimeUnit.SECONDS)).isEqualTo("nothing");
        }
    }

    /**
     * What was said before it arrives. An endpoint of HTTP/1.1 is not told of a client's end, and may go on, as with Envoy; a
     * client of HTTP/1.1 that ends is gone.
     */
    @ParameterizedTest
    @CsvSource({"NEW_TO_OLD, '', reset 10", "NEW_TO_NEW, end, end", "OLD_TO_NEW, reset 2, ''"})
    void passesTheClientsEndOnWhereItCanBeTold(Mix mix, String told, String ending) throws Exception {
        var server = new CompletableFuture<String>();
        try (var _ = granting(mix, end -> {
            String last = end.read(4);
            server.complete(last + (told.isEmpty() ? "" : end.ending()));
            if (mix.newClient()) {
                end.send("still here");
                end.end();
                if (mix == Mix.NEW_TO_OLD) {
                    end.ending();
                }
            }
        })) {
            visit(mix, client -> {
                client.send("last");
                client.end();
                assertThat(server.get(20, TimeUnit.SECONDS)).isEqualTo("last" + told);
                if (mix.newClient()) {
                    assertThat(client.read(10)).isEqualTo("still here");
                    assertThat(client.ending()).isEqualTo(ending);
                }
            });
        }
    }

    @ParameterizedTest
    @CsvSource({"NEW_TO_OLD, reset 10", "NEW_TO_NEW, end", "OLD_TO_NEW, end"})
    void passesTheEndpointsEndOn(Mix mix, String ending) throws Exception {
        try (var _ = granting(mix, end -> {
            end.send("last");
            end.end();
            end.ending();
        })) {
            visit(mix, client -> {
                assertThat(client.read(4)).isEqualTo("last");
                assertThat(client.ending()).isEqualTo(ending);
            });
        }
    }

    @ParameterizedTest
    @CsvSource({"NEW_TO_OLD, end", "NEW_TO_NEW, reset 2", "OLD_TO_NEW, reset 2"})
    void tellsTheEndpointThatTheClientIsGone(Mix mix, String ending) throws Exception {
        var server = new CompletableFuture<String>();
        try (var _ = granting(mix, end -> server.complete(end.ending()))) {
            visit(mix, client -> {
                client.reset();
                assertThat(server.get(20, TimeUnit.SECONDS)).isEqualTo(ending);
            });
        }
    }

    @ParameterizedTest
    @CsvSource({"NEW_TO_OLD, reset 10", "NEW_TO_NEW, reset 10", "OLD_TO_NEW, end"})
    void tellsTheClientThatTheEndpointIsGone(Mix mix, String ending) throws Exception {
        var go = new Semaphore(0);
        try (var _ = granting(mix, end -> {
            go.acquireUninterruptibly();
            end.reset();
            if (mix.newServer()) {
                end.ending();
            }
        })) {
            visit(mix, client -> {
                go.release();
                assertThat(client.ending()).isEqualTo(ending);
            });
        }
    }

    @Test
    void holdsAnEndpointBackWhoseClientGivesNoCredit() throws Exception {
        var written = new Semaphore(0);
        try (var _ = granting(Mix.NEW_TO_OLD, end -> {
            for (int i = 0; i < MUCH_BYTES / CHUNK.length(); i++) {
                end.send(CHUNK);
            }
            written.release();
            end.ending();
        })) {
            try (Http2Client client = newClient(SETTINGS_INITIAL_WINDOW, 0)) {
                long[] before = {-1};
                proxy.eventually("nothing comes any more", () -> {
                    long read = proxy.counter("cluster.up.upstream_cx_rx_bytes_total");
                    boolean same = read > CHUNK.length() && read == before[0];
                    before[0] = read;
                    return same;
                });
                assertThat(before[0]).isLessThan(HELD_BYTES);
                assertThat(written.availablePermits()).isZero();
                client.number(Http2Client.WINDOW_UPDATE, 0, 1 << 30).number(Http2Client.WINDOW_UPDATE, 1, 1 << 30);
                while (client.answer(1).bytes < MUCH_BYTES) {
                    client.readFrame();
                }
                written.acquire();
            }
        }
    }

    @Test
    void holdsAClientBackWhoseEndpointGivesNoCredit() throws Exception {
        var go = new Semaphore(0);
        var got = new CompletableFuture<Long>();
        try (var _ = granting(Mix.OLD_TO_NEW, end -> {
            go.acquireUninterruptibly();
            Http2Peer peer = ((TunnelEnd.NewServer) end).peer();
            peer.number(Http2Peer.WINDOW_UPDATE, 0, 1 << 30).number(Http2Peer.WINDOW_UPDATE, 1, 1 << 30);
            long bytes = 0;
            while (bytes < MUCH_BYTES) {
                bytes += Objects.requireNonNull(peer.next(Http2Peer.DATA)).payload().length;
            }
            got.complete(bytes);
        })) {
            visit(Mix.OLD_TO_NEW, client -> {
                client.keepSending(CHUNK, MUCH_BYTES, got::completeExceptionally);
                proxy.eventually(
                        "reading pauses",
                        () -> proxy.counter("http.http.downstream_flow_control_paused_reading_total") > 0);
                assertThat(proxy.counter("http.http.downstream_cx_rx_bytes_total"))
                        .isLessThan(HELD_BYTES);
                go.release();
                assertThat(got.get(30, TimeUnit.SECONDS)).isEqualTo(MUCH_BYTES);
            });
        }
    }
}
