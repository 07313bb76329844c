package dev.starling.tests.xds;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsExchange;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import io.envoyproxy.controlplane.cache.v3.Snapshot;
import io.envoyproxy.envoy.config.core.v3.ApiConfigSource.ApiType;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryRequest;
import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Certificates, keys and authorities from java-control-plane's server, and from files that are moved into place. */
@Timeout(120)
class SecretsIT {

    private static final Snapshots ADS = Snapshots.aggregated();

    private final Secrets secrets;
    private final SecuredClient client;
    private HttpsServer upstream;

    @TempDir
    Path folder;

    SecretsIT() throws Exception {
        secrets = new Secrets();
        client = new SecuredClient(secrets.authority);
    }

    /** Requires a certificate, and says whose it was shown. */
    @BeforeEach
    void start() throws Exception {
        SSLContext context =
                SecuredClient.context(secrets.authority, secrets.issue("upstream", "upstream.example.com"));
        upstream = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        upstream.setHttpsConfigurator(new HttpsConfigurator(context) {
            @Override
            public void configure(HttpsParameters parameters) {
                SSLParameters asking = context.getDefaultSSLParameters();
                asking.setNeedClientAuth(true);
                parameters.setSSLParameters(asking);
            }
        });
        upstream.createContext("/", exchange -> {
            byte[] body = ((HttpsExchange) exchange)
                    .getSSLSession()
                    .getPeerPrincipal()
                    .getName()
                    .getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("connection", "close");
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        upstream.start();
    }

    @AfterEach
    void stop() {
        upstream.stop(0);
    }

    private static void eventually(org.awaitility.core.ThrowingRunnable holds) {
        await().atMost(Duration.ofSeconds(15))
                .pollInterval(Duration.ofMillis(20))
                // Who has no certificate yet closes connections.
                .ignoreExceptionsInstanceOf(IOException.class)
                .untilAsserted(holds);
    }

    private Snapshot snapshot(Snapshots from, int version) throws Exception {
        return from.secured(
                Integer.toString(version),
                upstream.getAddress().getPort(),
                List.of(
                        Secrets.certificate("server", secrets.issue("server" + version, "server.example.com")),
                        Secrets.certificate("client", secrets.issue("client" + version, "client.example.com")),
                        secrets.validation("authority"),
                        Secrets.tickets("tickets", version)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"GRPC", "DELTA_GRPC"})
    void areReplacedUnderTrafficWithoutAFailedRequest(String apiType) throws Exception {
        try (var plane = Plane.start()) {
            plane.set(snapshot(ADS, 1));
            try (var proxy = Proxy.aggregated(plane.port(), apiType).awaitStart();
                    var clients = Executors.newVirtualThreadPerTaskExecutor()) {
                int port = proxy.port("in").orElseThrow();
                assertThat(client.visit(port)).isEqualTo("CN=server1 CN=client1");
                var over = new AtomicBoolean();
                Callable<Integer> visits = () -> {
                    int count = 0;
                    while (!over.get()) {
                        assertThat(client.visit(port)).matches("CN=server[1-4] CN=client[1-4]");
                        count++;
                    }
                    return count;
                };
                Future<Integer> visitor = clients.submit(visits);
                try (SSLSocket staying = client.open(port)) {
                    for (int version = 2; version <= 4; version++) {
                        plane.set(snapshot(ADS, version));
                        String expected = "CN=server" + version + " CN=client" + version;
                        eventually(() -> assertThat(client.visit(port)).isEqualTo(expected));
                    }
                    assertThat(SecuredClient.get(staying)).isEqualTo("CN=client4");
                } finally {
                    over.set(true);
                }
                assertThat(visitor.get()).isPositive();
                assertThat(proxy.stat("listener_manager.listener_modified")).isLessThanOrEqualTo(0);
                assertThat(proxy.stat("cluster_manager.cluster_modified")).isLessThanOrEqualTo(0);
                assertThat(proxy.stat("sds.server.update_success")).isEqualTo(4);
                assertThat(proxy.stat("cluster.upstream.client_ssl_socket_factory.ssl_context_update_by_sds"))
                        .isGreaterThanOrEqualTo(4);
                assertThat(plane.streams).hasValue(1);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"GRPC", "DELTA_GRPC"})
    void comeByAStreamOfTheirOwn(String apiType) throws Exception {
        try (var plane = Plane.start()) {
            plane.set(snapshot(Snapshots.separate(ApiType.valueOf(apiType)), 1));
            try (var proxy = Proxy.separate(plane.port(), apiType).awaitStart()) {
                assertThat(client.visit(proxy.port("in").orElseThrow())).isEqualTo("CN=server1 CN=client1");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"GRPC", "DELTA_GRPC"})
    void areRefusedWithAPathAndWithoutTheirContentWhereTheyCannotBeUsed(String apiType) throws Exception {
        X509Bundle good = secrets.issue("server1", "server.example.com");
        X509Bundle other = secrets.issue("other", "server.example.com");
        try (var plane = Plane.start()) {
            plane.set(snapshot(ADS, 1));
            try (var proxy = Proxy.aggregated(plane.port(), apiType).awaitStart()) {
                int port = proxy.port("in").orElseThrow();
                Snapshot before = snapshot(ADS, 1);
                plane.set(ADS.secured(
                        "2",
                        upstream.getAddress().getPort(),
                        List.of(
                                Secrets.certificate("server", good, other),
                                Secrets.tickets("tickets", 1),
                                secrets.validation("authority"),
                                before.secrets().resources().get("client"))));

                eventually(() -> assertThat(refusals(plane)).isNotEmpty());
                assertThat(refusals(plane).getFirst())
                        .contains("server: tls_certificate.private_key: ")
                        .contains("KEY_VALUES_MISMATCH")
                        .doesNotContain("BEGIN");
                assertThat(proxy.stat("sds.server.update_rejected")).isPositive();
                assertThat(client.visit(port)).startsWith("CN=server1 ");

                plane.set(snapshot(ADS, 3));
                eventually(() -> assertThat(client.visit(port)).isEqualTo("CN=server3 CN=client3"));
            }
        }
    }

    /** What the plane was told of what it sent. */
    private static List<String> refusals(Plane plane) {
        return Stream.concat(
                        plane.requests.stream()
                                .filter(DiscoveryRequest::hasErrorDetail)
                                .map(request -> request.getErrorDetail().getMessage()),
                        plane.deltaRequests.stream()
                                .filter(DeltaDiscoveryRequest::hasErrorDetail)
                                .map(request -> request.getErrorDetail().getMessage()))
                .toList();
    }

    // ---- files ----------------------------------------------------------------------------------------------------

    private void move(String name, String content) throws IOException {
        Path written = Files.writeString(folder.resolve(name + ".next"), content);
        Files.move(written, folder.resolve(name), StandardCopyOption.ATOMIC_MOVE);
    }

    private void moveCertificate(X509Bundle bundle) throws IOException {
        move("certificate.pem", bundle.getCertificatePathPEM());
        move("key.pem", bundle.getPrivateKeyPEM());
    }

    private void moveSecret() throws IOException {
        move("sds.yaml", """
                resources:
                - "@type": type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.Secret
                  name: server
                  tls_certificate:
                    certificate_chain: {filename: %1$s/certificate.pem}
                    private_key: {filename: %1$s/key.pem}
                """.formatted(folder));
    }

    private static String listener(String source) {
        return """
                static_resources:
                  listeners:
                  - name: in
                    address: {socket_address: {address: 127.0.0.1, port_value: 0}}
                    filter_chains:
                    - transport_socket:
                        name: tls
                        typed_config:
                          "@type": type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext
                          common_tls_context:
                            tls_certificate_sds_secret_configs: [{name: server, sds_config: %s}]
                      filters:
                      - name: http
                        typed_config:
                          "@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
                          stat_prefix: http
                          route_config:
                            virtual_hosts:
                            - name: all
                              domains: ["*"]
                              routes:
                              - match: {prefix: /}
                                direct_response: {status: 200, body: {inline_string: hello}}
                          http_filters:
                          - name: router
                            typed_config:
                              "@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router
                """.formatted(source);
    }

    @Test
    void ofFilesAreReadAgainWhenTheFilesOrTheirNamesAreMovedIn() throws Exception {
        moveCertificate(secrets.issue("first", "a.example.com"));
        moveSecret();
        try (var proxy = Proxy.of(listener("{path_config_source: {path: " + folder.resolve("sds.yaml") + "}}"))
                .awaitStart()) {
            int port = proxy.port("in").orElseThrow();
            assertThat(client.visit(port)).isEqualTo("CN=first hello");

            moveCertificate(secrets.issue("second", "a.example.com"));
            eventually(() -> assertThat(client.visit(port)).isEqualTo("CN=second hello"));

            move("key.pem", secrets.issue("other", "a.example.com").getPrivateKeyPEM());
            eventually(() ->
                    assertThat(proxy.stat("sds.server.key_rotation_failed")).isPositive());
            assertThat(client.visit(port)).isEqualTo("CN=second hello");

            X509Bundle third = secrets.issue("third", "a.example.com");
            moveCertificate(third);
            eventually(() -> assertThat(client.visit(port)).isEqualTo("CN=third hello"));
        }
    }

    @Test
    void areAwaitedNoLongerThanTheInitialFetchTimeout() throws Exception {
        try (var plane = Plane.start()) {
            // Nothing is set: the server never answers.
            String source = """
                    {initial_fetch_timeout: 1s, resource_api_version: V3, api_config_source: {api_type: GRPC, \
                    transport_api_version: V3, grpc_services: [{envoy_grpc: {cluster_name: plane}}]}}""";
            try (var proxy = Proxy.of(
                            Proxy.plane(plane.port()) + listener(source).replace("static_resources:\n", ""))
                    .awaitStart()) {
                int port = proxy.port("in").orElseThrow();
                assertThat(proxy.stat("sds.server.init_fetch_timeout")).isEqualTo(1);
                assertThatThrownBy(() -> client.visit(port)).isInstanceOf(IOException.class);
                eventually(() -> assertThat(proxy.stat("listener.127.0.0.1_0.server_ssl_socket_factory"
                                + ".downstream_context_secrets_not_ready"))
                        .isEqualTo(1));

                plane.set(Snapshot.create(
                        List.of(),
                        List.of(),
                        List.of(),
                        List.of(),
                        List.of(Secrets.certificate("server", secrets.issue("late", "a.example.com"))),
                        "1"));
                eventually(() -> assertThat(client.visit(port)).isEqualTo("CN=late hello"));
            }
        }
    }
}
