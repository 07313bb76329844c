package dev.starling.runtime.network.tcpproxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.starling.config.http.HttpConnectionManager;
import dev.starling.config.tcp.TcpProxy;
import dev.starling.healthcheck.outlier.OutlierMonitor;
import dev.starling.runtime.control.Configs;
import dev.starling.runtime.http.RawClient;
import dev.starling.runtime.http.RawUpstream;
import dev.starling.runtime.listener.HttpFixture;
import dev.starling.runtime.listener.ProxyFixture;
import dev.starling.runtime.network.LeakWatch;
import java.io.IOException;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** TCP in HTTP: what an upstream sees of it, and the whole way through a second proxy that ends the tunnel, by either version. */
@Timeout(60)
class TunnelingIT {

    private static final String CHUNK = "0123456789abcdef".repeat(4096);
    private static final int CHUNKS = 160;

    private static final String LISTENER = """
              - name: in
                address: {socket_address: {address: 127.0.0.1, port_value: 0}}
                filter_chains:
                - filters:
                  - name: filter
                    typed_config:
                      "@type": type.googleapis.com/envoy.extensions.filters.network.%s
            """;

    private static final String TUNNELING = LISTENER.formatted("tcp_proxy.v3.TcpProxy") + """
                      stat_prefix: tcp
                      cluster: hop
                      tunneling_config: {hostname: "tcp:80", %s}
            """;

    private static final String ENDING = LISTENER.formatted("http_connection_manager.v3.HttpConnectionManager") + """
                      stat_prefix: http
                      route_config:
                        validate_clusters: false
                        virtual_hosts:
                        - name: tcp
                          domains: ["tcp:80"]
                          routes:
                          - match: {connect_matcher: {}}
                            route: {cluster: up, upgrade_configs: &connect [{upgrade_type: CONNECT, connect_config: {allow_post: true}}]}
                          - match: {prefix: /}
                            route: {cluster: up, timeout: 0s, upgrade_configs: *connect}
                      http_filters:
                      - name: router
                        typed_config:
                          "@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router
            """;

    private final LeakWatch leaks = LeakWatch.start();
    private ProxyFixture proxy;

    @BeforeEach
    void start() {
        proxy = ProxyFixture.start();
    }

    @AfterEach
    void stop() {
        proxy.eventually(
                "nothing is left",
                () -> proxy.gauge("cluster.hop.upstream_rq_active") == 0
                        && proxy.gauge("cluster.up.upstream_rq_active") == 0
                        && proxy.gauge("http.http.downstream_cx_upgrades_active") == 0);
        proxy.close();
        assertThat(leaks.leaks()).isEmpty();
        leaks.close();
    }

    private InetSocketAddress tunnel(String options, InetSocketAddress endpoint) {
        publishHop("http_protocol_options", endpoint);
        return tunnel(options);
    }

    private void publishHop(String protocol, InetSocketAddress endpoint) {
        String settings = """
                typed_extension_protocol_options: {envoy.extensions.upstreams.http.v3.HttpProtocolOptions: {"@type": \
                type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions, explicit_http_config: {%s: {}}}}\
                """.formatted(protocol);
        proxy.publish(Configs.cluster(Configs.cluster("hop", settings, endpoint)), OutlierMonitor.OFF, endpoint);
    }

    private InetSocketAddress tunnel(String options) {
        TcpProxy config = (TcpProxy) filter(TUNNELING.formatted(options));
        return proxy.listen(context -> new TcpProxyFactory().create(config, context));
    }

    private static Record filter(String listener) {
        return Configs.listener(listener)
                .filterChains()
                .getFirst()
                .filters()
                .getFirst()
                .config();
    }

    @Test
    void asksByConnectAndPassesWhatFollows() throws Exception {
        try (var upstream = new RawUpstream(connection -> {
            connection.readHead();
            connection.write("HTTP/1.1 200 OK\r\n\r\nwelcome");
            connection.write(connection.readUntil("!"));
        })) {
            String headers = "headers_to_add: [{header: {key: x-port, value: \"%DOWNSTREAM_LOCAL_PORT%\"}}]";
            InetSocketAddress address = tunnel(headers, upstream.address());
            try (RawClient client = new RawClient(address)) {
                assertThat(client.send("early").read(7)).isEqualTo("welcome");
                assertThat(client.send("late!").read(10)).isEqualTo("earlylate!");
                assertThat(client.rest()).isEmpty();
            }
            assertThat(upstream.requests())
                    .containsExactly(
                            "CONNECT tcp:80 HTTP/1.1\r\nhost: tcp:80\r\nx-port: " + address.getPort() + "\r\n\r\n");
        }
    }

    @Test
    void asksByPostAndPassesBodies() throws Exception {
        try (var upstream = new RawUpstream(connection -> {
            connection.readHead();
            connection.write("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\nhi\r\n");
            connection.readUntil("0\r\n\r\n");
            connection.write("3\r\nbye\r\n0\r\n\r\n");
            connection.readHead();
        })) {
            try (RawClient client = new RawClient(tunnel("use_post: true, post_path: /t", upstream.address()))) {
                assertThat(client.read(2)).isEqualTo("hi");
                client.send("all").halfClose();
                assertThat(client.rest()).isEqualTo("bye");
            }
            assertThat(upstream.requests())
                    .containsExactly("POST /t HTTP/1.1\r\nhost: tcp:80\r\ntransfer-encoding: chunked\r\n\r\n");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 403 No\r\ncontent-length: 2\r\n\r\nno",
                "HTTP/1.1 101 X\r\nupgrade: x\r\n\r\n",
                "nonsense\r\n\r\n"
            })
    void closesWhenItIsRefused(String answer) throws Exception {
        try (var upstream = new RawUpstream(connection -> {
            connection.readHead();
            connection.write(answer);
            connection.readHead();
        })) {
            try (RawClient client = new RawClient(tunnel("use_post: false", upstream.address()))) {
                assertThat(client.rest()).isEmpty();
            }
            proxy.eventually(
                    "it is counted", () -> proxy.counter("cluster.hop.upstream_cx_connect_attempts_exceeded") == 1);
        }
    }

    /** A client, a proxy that asks for tunnels, one that ends them, and an endpoint. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "http_protocol_options, use_post: false",
                "http_protocol_options, use_post: true",
                "http2_protocol_options, use_post: false",
                "http2_protocol_options, use_post: true"
            })
    void passesMuchThroughASecondProxy(String how) throws Exception {
        String[] words = how.split(", ", -1);
        HttpConnectionManager ending = (HttpConnectionManager) filter(ENDING);
        InetSocketAddress second = proxy.listen(HttpFixture.connectionManager(ending));
        publishHop(words[0], second);
        InetSocketAddress first = tunnel(words[1]);
        var wrong = new StringBuilder();
        try (var upstream = new RawUpstream(connection -> {
            for (int i = 0; i < CHUNKS; i++) {
                String chunk = connection.read(CHUNK.length());
                if (!chunk.equals(CHUNK)) {
                    wrong.append(i).append(' ');
                }
                connection.write(chunk);
            }
            connection.read(1); // the end
            connection.write("end");
            connection.close();
        })) {
            proxy.publish("up", upstream.address());
            try (RawClient client = new RawClient(first)) {
                Thread.ofVirtual().start(() -> {
                    try {
                        for (int i = 0; i < CHUNKS; i++) {
                            client.send(CHUNK);
                        }
                    } catch (IOException gone) {
                        wrong.append(gone);
                    }
                });
                for (int i = 0; i < CHUNKS; i++) {
                    assertThat(client.read(CHUNK.length()).equals(CHUNK))
                            .as("chunk %d", i)
                            .isTrue();
                }
                if (how.startsWith("http2") || how.endsWith("true")) { // where the end of one direction can be told
                    client.halfClose();
                    assertThat(client.rest()).isEqualTo("end");
                }
            }
            assertThat(wrong).isEmpty();
        }
    }
}
