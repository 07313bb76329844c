package dev.starling.tests.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** HTTP/3 from clients: Netty's, and a headless Chromium where one is installed. */
@Timeout(120)
class Http3IT {

    @TempDir
    Path folder;

    private X509Bundle certificate;
    private WireServer upstream;
    private StarlingProcess starling;
    private int port;

    @BeforeEach
    void start() throws Exception {
        certificate = new CertificateBuilder()
                .subject("CN=localhost")
                .addSanDnsName("localhost")
                .addSanIpAddress("127.0.0.1")
                .ecp256()
                .setIsCertificateAuthority(true)
                .buildSelfSigned();
        Path chain = Files.writeString(folder.resolve("chain.pem"), certificate.getCertificatePEM());
        Path key = Files.writeString(folder.resolve("key.pem"), certificate.getPrivateKeyPEM());
        upstream = new WireServer(Http3IT::serve);
        try (DatagramSocket free = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        starling = StarlingProcess.serve(
                folder,
                List.of("-Dio.netty.leakDetection.level=paranoid"),
                bootstrap(chain, key),
                "--file-flush-interval-msec",
                "10");
    }

    @AfterEach
    void stop() throws Exception {
        if (starling != null) {
            assertThat(starling.err()).doesNotContain("LEAK");
            starling.close();
        }
        upstream.close();
    }

    /** Answers with as many bytes as it was sent; a path that says {@code never} is not answered. */
    private static void serve(Wire wire) throws IOException {
        for (String request = wire.response(); !request.isEmpty(); request = wire.response()) {
            int length = request.length() - request.indexOf("\r\n\r\n") - 4;
            boolean lastChunk = request.startsWith("0"); // of a request whose end was not known with its head
            if (!lastChunk && !request.contains("/never")) {
                wire.send("HTTP/1.1 200 OK\r\ncontent-length: " + length + "\r\nx-path: " + request.split(" ", 3)[1]
                        + "\r\n\r\n" + "x".repeat(length));
            }
        }
    }

    private String bootstrap(Path chain, Path key) {
        return """
                admin: {address: {socket_address: {address: 127.0.0.1, port_value: 0}}}
                static_resources:
                  listeners:
                  - name: h3
                    address: {socket_address: {protocol: UDP, address: 127.0.0.1, port_value: %d}}
                    udp_listener_config: {quic_options: {quic_protocol_options: {max_concurrent_streams: 100}}}
                    filter_chains:
                    - transport_socket:
                        name: quic
                        typed_config:
                          "@type": type.googleapis.com/envoy.extensions.transport_sockets.quic.v3.QuicDownstreamTransport
                          downstream_tls_context:
                            common_tls_context:
                              tls_certificates: [{certificate_chain: {filename: %s}, private_key: {filename: %s}}]
                      filters:
                      - name: http
                        typed_config:
                          "@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
                          stat_prefix: h3
                          codec_type: HTTP3
                          access_log:
                          - name: out
                            typed_config:
                              "@type": type.googleapis.com/envoy.extensions.access_loggers.stream.v3.StdoutAccessLog
                              log_format:
                                text_format_source:
                                  inline_string: "%%PROTOCOL%% %%DOWNSTREAM_TLS_VERSION%% %%DOWNSTREAM_TLS_CIPHER%% %%DOWNSTREAM_LOCAL_SUBJECT%% %%DOWNSTREAM_PEER_SUBJECT%%\\n"
                          route_config:
                            virtual_hosts:
                            - name: all
                              domains: ["*"]
                              routes:
                              - match: {path: /page}
                                direct_response: {status: 200, body: {inline_string: "from HTTP/3"}}
                              - match: {prefix: /}
                                route: {cluster: up, timeout: 0s}
                          http_filters:
                          - name: router
                            typed_config:
                              "@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router
                  clusters:
                  - name: up
                    load_assignment: {cluster_name: up, endpoints: [{lb_endpoints: [{endpoint: {address: {socket_address: {address: 127.0.0.1, port_value: %d}}}}]}]}
                """.formatted(port, chain, key, upstream.port());
    }

    private Http3Client client() throws Exception {
        return new Http3Client(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    }

    private long stat(String name) throws Exception {
        String line = starling.admin("/stats?filter=" + name + "$").strip();
        return Long.parseLong(line.substring(line.indexOf(": ") + 2));
    }

    @Test
    void answersTheStreamsOfAConnectionEachWithItsOwn() throws Exception {
        try (Http3Client client = client()) {
            List<Http3Client.Call> calls = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                calls.add(client.get("/" + i));
            }
            for (int i = 0; i < 100; i++) {
                Http3Client.Answer answer = calls.get(i).answer();

                assertThat(answer.status()).isEqualTo(200);
                assertThat(answer.headers()).contains("x-path: /" + i + ",");
                assertThat(answer.complete()).isTrue();
            }
        }
        assertThat(stat("http.h3.downstream_rq_http3_total")).isEqualTo(100);
        assertThat(stat("http.h3.downstream_cx_http3_total")).isEqualTo(1);
    }

    @Test
    void logsHowTheConnectionIsSecured() throws Exception {
        try (Http3Client client = client()) {
            assertThat(client.get("/").answer().status()).isEqualTo(200);
        }
        await().atMost(Duration.ofSeconds(20)).until(() -> !starling.out().isEmpty());
        assertThat(starling.out()).matches("HTTP/3 TLSv1\\.3 TLS_\\w+ CN=localhost -\n");
    }

    @Test
    void carriesBodiesBothWaysLargerThanAnyWindow() throws Exception {
        try (Http3Client client = client()) {
            Http3Client.Call call = client.post("/", "content-length", "3000000");
            for (int i = 0; i < 30; i++) {
                call.data(100_000, i == 29);
            }

            Http3Client.Answer answer = call.answer();

            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.bytes()).isEqualTo(3_000_000);
            assertThat(answer.complete()).isTrue();
        }
    }

    @Test
    void refusesMalformedRequestsByThemselves() throws Exception {
        try (Http3Client client = client()) {
            assertThat(client.send(true, "GET", "/", "connection", "close")
                            .answer()
                            .status())
                    .isZero();
            assertThat(client.send(true, "GET", "no-slash").answer().status()).isZero();
            assertThat(client.post("/", "content-length", "5")
                            .data(6, true)
                            .answer()
                            .complete())
                    .isFalse();
            assertThat(client.get("/after").answer().status()).isEqualTo(200);
        }
    }

    @Test
    void tellsTheUpstreamWhenTheClientGivesUp() throws Exception {
        try (Http3Client client = client()) {
            Http3Client.Call call = client.post("/never", "content-length", "10");
            await().atMost(Duration.ofSeconds(20)).until(() -> stat("cluster.up.upstream_rq_active") == 1);

            call.cancel();

            await().atMost(Duration.ofSeconds(20)).until(() -> stat("cluster.up.upstream_rq_active") == 0);
            assertThat(stat("http.h3.downstream_rq_rx_reset")).isEqualTo(1);
            assertThat(client.get("/after").answer().status()).isEqualTo(200);
        }
    }

    @Test
    void forgetsClientsThatVanishAndGarbage() throws Exception {
        long seed = System.nanoTime();
        System.out.println("Http3IT seed " + seed);
        Random random = new Random(seed);
        try (DatagramSocket socket = new DatagramSocket()) {
            for (int i = 0; i < 2000; i++) {
                byte[] garbage = new byte[random.nextInt(1, 1400)];
                random.nextBytes(garbage);
                socket.send(new DatagramPacket(garbage, garbage.length, InetAddress.getLoopbackAddress(), port));
            }
        }
        try (Http3Client client = client()) {
            assertThat(client.get("/").answer().status()).isEqualTo(200);
        }
        await().atMost(Duration.ofSeconds(20)).until(() -> stat("http.h3.downstream_cx_http3_active") == 0);
        assertThat(stat("starling.loop.turn_failures")).isZero();
    }

    @Test
    void showsAPageInABrowser() throws Exception {
        byte[] publicKey = certificate.getCertificate().getPublicKey().getEncoded();
        String pin = Base64.getEncoder()
                .encodeToString(MessageDigest.getInstance("SHA-256").digest(publicKey));
        String page = Chromium.page(
                folder,
                "https://127.0.0.1:" + port + "/page",
                "--enable-quic",
                "--origin-to-force-quic-on=127.0.0.1:" + port,
                "--ignore-certificate-errors-spki-list=" + pin);
        assertThat(page).contains("from HTTP/3");
        assertThat(stat("http.h3.downstream_rq_http3_total")).isPositive();
    }
}
