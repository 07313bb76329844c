package dev.starling.tests.xds;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import io.grpc.TlsServerCredentials;
import io.grpc.TlsServerCredentials.ClientAuth;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.testing.TlsTesting;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import java.io.File;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How a control plane is reached: through its cluster, as clients' requests reach theirs. */
@Timeout(120)
class PlaneConnectionsIT {

    private static final Snapshots ADS = Snapshots.aggregated();

    @TempDir
    Path folder;

    private HttpServer upstream;

    @BeforeEach
    void start() throws Exception {
        upstream = Proxy.upstream("hello");
    }

    @AfterEach
    void stop() {
        upstream.stop(0);
    }

    private int upstreamPort() {
        return upstream.getAddress().getPort();
    }

    private static void eventually(Runnable holds) {
        await().atMost(Duration.ofSeconds(30))
                .pollInterval(Duration.ofMillis(20))
                .untilAsserted(holds::run);
    }

    // ---- TLS ------------------------------------------------------------------------------------------------------

    private File file(String name) throws Exception {
        Path file = folder.resolve(name);
        if (!Files.exists(file)) {
            try (InputStream bytes = TlsTesting.loadCert(name)) {
                Files.copy(bytes, file);
            }
        }
        return file.toFile();
    }

    private Plane secured(ClientAuth clients) throws Exception {
        return Plane.at(NettyServerBuilder.forAddress(
                Plane.loopback(0),
                TlsServerCredentials.newBuilder()
                        .keyManager(file("server1.pem"), file("server1.key"))
                        .trustManager(file("ca.pem"))
                        .clientAuth(clients)
                        .build()));
    }

    private String tls(int port, boolean certificate) throws Exception {
        String ours = certificate
                ? "tls_certificates: [{certificate_chain: {filename: %s}, private_key: {filename: %s}}], "
                        .formatted(file("client.pem"), file("client.key"))
                : "";
        return Proxy.plane(port) + """
                    transport_socket:
                      name: tls
                      typed_config:
                        "@type": type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext
                        sni: foo.test.google.fr
                        common_tls_context: {%svalidation_context: {trusted_ca: {filename: %s}}}
                """.formatted(ours, file("ca.pem"));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void isDrivenOverTls(boolean mutual) throws Exception {
        try (var plane = secured(mutual ? ClientAuth.REQUIRE : ClientAuth.NONE)) {
            plane.set(ADS.all("1", upstreamPort()));
            try (var proxy = Proxy.aggregated("DELTA_GRPC", "15s", tls(plane.port(), mutual))
                    .awaitStart()) {
                assertThat(proxy.get("in")).isEqualTo("200 hello");
                assertThat(proxy.stat("cluster.plane.ssl.handshake")).isEqualTo(1);
                assertThat(proxy.stat("cluster.plane.upstream_rq_active")).isEqualTo(1);
            }
        }
    }

    @Test
    void isNotDrivenWhereItHasNoCertificate() throws Exception {
        try (var plane = secured(ClientAuth.REQUIRE)) {
            plane.set(ADS.all("1", upstreamPort()));
            try (var proxy =
                    Proxy.aggregated("GRPC", "1s", tls(plane.port(), false)).awaitStart()) {
                eventually(() -> assertThat(proxy.stat("cluster_manager.cds.update_failure"))
                        .isPositive());
                assertThat(proxy.stat("cluster_manager.cds.init_fetch_timeout")).isEqualTo(1);
                assertThat(plane.requests).isEmpty();
            }
        }
    }

    // ---- where it is ----------------------------------------------------------------------------------------------

    @Test
    void isDrivenOverAUnixSocket() throws Exception {
        EventLoopGroup threads = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
        String path = folder.resolve("plane.sock").toString();
        try (var plane = Plane.at(NettyServerBuilder.forAddress(new DomainSocketAddress(path))
                .channelType(EpollServerDomainSocketChannel.class)
                .bossEventLoopGroup(threads)
                .workerEventLoopGroup(threads))) {
            plane.set(ADS.all("1", upstreamPort()));
            try (var proxy = Proxy.aggregated("GRPC", "15s", Proxy.plane("{pipe: {path: " + path + "}}"))
                    .awaitStart()) {
                assertThat(proxy.get("in")).isEqualTo("200 hello");
            }
        } finally {
            threads.shutdownGracefully(0, 1, TimeUnit.SECONDS);
        }
    }

    @Test
    void isDrivenByTheEndpointThatIsLeft() throws Exception {
        int dead = freePort();
        try (var plane = Plane.start()) {
            plane.set(ADS.all("1", upstreamPort()));
            String both = Proxy.plane(Proxy.endpoint(dead), Proxy.endpoint(plane.port()));
            try (var proxy = Proxy.aggregated("GRPC", "15s", both).awaitStart()) {
                assertThat(proxy.get("in")).isEqualTo("200 hello");
                assertThat(proxy.stat("cluster.plane.upstream_cx_connect_fail")).isLessThanOrEqualTo(1);
            }
        }
    }

    private static int freePort() throws Exception {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    // ---- when it is not there -------------------------------------------------------------------------------------

    @ParameterizedTest
    @ValueSource(strings = {"GRPC", "DELTA_GRPC"})
    void servesOnWhenItsControlPlaneIsKilledAndFollowsTheNext(String apiType) throws Exception {
        var other = Proxy.upstream("other");
        var plane = Plane.start();
        int port = plane.port();
        plane.set(ADS.all("1", upstreamPort()));
        try (var proxy = Proxy.aggregated(port, apiType).awaitStart()) {
            assertThat(proxy.get("in")).isEqualTo("200 hello");
            assertThat(proxy.stat("control_plane.connected_state")).isEqualTo(1);

            plane.close();
            eventually(() -> {
                assertThat(proxy.stat("control_plane.connected_state")).isZero();
                assertThat(proxy.stat("cluster_manager.cds.update_failure")).isPositive();
                assertThat(proxy.stat("cluster.plane.upstream_cx_connect_fail")).isPositive();
            });
            assertThat(proxy.get("in")).isEqualTo("200 hello");

            try (var next = Plane.restart(port)) {
                next.set(ADS.all("2", other.getAddress().getPort()));
                eventually(() -> assertThat(proxy.get("in")).isEqualTo("200 other"));
                eventually(() ->
                        assertThat(proxy.stat("control_plane.connected_state")).isEqualTo(1));
            }
        } finally {
            plane.close();
            other.stop(0);
        }
    }

    @Test
    void startsWithoutAControlPlaneThatTakesConnectionsAndNeverAnswers() throws Exception {
        try (var silent = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
            var proxy = Proxy.aggregated("GRPC", "1s", Proxy.plane(silent.getLocalPort()));
            try (proxy;
                    Socket taken = silent.accept()) {
                proxy.awaitStart();
                assertThat(proxy.stat("cluster_manager.cds.init_fetch_timeout")).isEqualTo(1);
                assertThat(proxy.stat("listener_manager.lds.init_fetch_timeout"))
                        .isEqualTo(1);
                assertThat(proxy.stat("cluster.plane.upstream_rq_active")).isEqualTo(1);
                assertThat(taken.isConnected()).isTrue();
            }
        }
    }
}
