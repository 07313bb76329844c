package dev.starling.tests.envoy;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * TCP in CONNECTs of HTTP/2 over mutual TLS, as meshes carry it (HBONE): Starling at both ends, and at either one with a real
 * Envoy at the other, which is left out, with a line that says so, where there is none.
 */
@Timeout(120)
class HboneIT {

    private static final int MUCH_BYTES = 4 << 20;

    @TempDir
    Path folder;

    private X509Bundle authority;
    private Path ca;
    private ServerSocket target;

    enum Who {
        STARLING,
        ENVOY;

        ProxyProcess start(Path folder, String bootstrap) throws IOException {
            return this == ENVOY
                    ? ProxyProcess.envoy(EnvoyBinary.require(HboneIT.class), folder, bootstrap)
                    : ProxyProcess.starling(folder, bootstrap);
        }
    }

    @BeforeEach
    void start() throws Exception {
        authority = new CertificateBuilder()
                .subject("CN=authority")
                .ecp256()
                .setIsCertificateAuthority(true)
                .buildSelfSigned();
        ca = Files.writeString(folder.resolve("ca.pem"), authority.getCertificatePEM());
        target = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(() -> {
            while (!target.isClosed()) {
                try {
                    Socket connection = target.accept();
                    Thread.ofVirtual().start(() -> echo(connection));
                } catch (IOException closed) {
                    return;
                }
            }
        });
    }

    @AfterEach
    void stop() throws IOException {
        target.close();
    }

    /** And then a word behind the client's end, which only half-closed connections can carry. */
    private static void echo(Socket connection) {
        try (connection) {
            connection.getInputStream().transferTo(connection.getOutputStream());
            connection.getOutputStream().write("bye".getBytes(US_ASCII));
        } catch (IOException gone) {
            // the test sees what is missing
        }
    }

    private Map<String, String> identity(String name) throws Exception {
        X509Bundle bundle = new CertificateBuilder()
                .subject("CN=" + name)
                .addSanUriName("spiffe://test/" + name)
                .ecp256()
                .buildIssuedBy(authority);
        return Map.of(
                "ca",
                ca.toString(),
                "certificate",
                Files.writeString(folder.resolve(name + ".pem"), bundle.getCertificatePEM())
                        .toString(),
                "key",
                Files.writeString(folder.resolve(name + ".key"), bundle.getPrivateKeyPEM())
                        .toString());
    }

    private ProxyProcess start(Who who, String name, String port, int value) throws Exception {
        String bootstrap =
                BothProxies.resource("hbone-" + name + ".yaml").replace("{" + port + "}", Integer.toString(value));
        for (var each : identity(name).entrySet()) {
            bootstrap = bootstrap.replace("{" + each.getKey() + "}", each.getValue());
        }
        return who.start(folder.resolve(name), bootstrap);
    }

    @ParameterizedTest
    @CsvSource({"STARLING, STARLING", "STARLING, ENVOY", "ENVOY, STARLING"})
    void carriesTcpOverHttp2AndMutualTls(Who begins, Who ends) throws Exception {
        try (ProxyProcess server = start(ends, "server", "target", target.getLocalPort());
                ProxyProcess client = start(
                        begins, "client", "server", server.listener("hbone").getPort())) {
            byte[] bytes = new byte[MUCH_BYTES];
            new Random(1).nextBytes(bytes);
            try (Socket first = connect(client, "plain");
                    Socket second = connect(client, "plain")) {
                second.getOutputStream().write('2');
                assertThat(second.getInputStream().read()).isEqualTo('2');
                Thread.ofVirtual().start(() -> pour(first, bytes));
                assertThat(first.getInputStream().readNBytes(MUCH_BYTES)).isEqualTo(bytes);
                assertThat(first.getInputStream().readAllBytes()).isEqualTo("bye".getBytes(US_ASCII));
                assertThat(client.stats())
                        .containsEntry("cluster.hop.upstream_cx_total", 1L)
                        .containsEntry("cluster.hop.upstream_cx_http2_total", 1L)
                        .containsEntry("cluster.hop.upstream_rq_total", 2L);
            }
            await().until(() -> server.lines("hbone.log").size() == 2);
            assertThat(server.lines("hbone.log"))
                    .contains("CONNECT 10.1.2.3:8080 HTTP/2 200 spiffe://test/client k8s.namespace=demo " + MUCH_BYTES
                            + " " + (MUCH_BYTES + 3));
        }
    }

    private static void pour(Socket socket, byte[] bytes) {
        try {
            socket.getOutputStream().write(bytes);
            socket.shutdownOutput();
        } catch (IOException gone) {
            // the test sees what is missing
        }
    }

    @ParameterizedTest
    @CsvSource({"STARLING, STARLING", "STARLING, ENVOY", "ENVOY, STARLING"})
    void opensNothingForWhomHasNoCertificate(Who begins, Who ends) throws Exception {
        try (ProxyProcess server = start(ends, "server", "target", target.getLocalPort());
                ProxyProcess client = start(
                        begins, "client", "server", server.listener("hbone").getPort())) {
            try (Socket socket = connect(client, "anonymous")) {
                socket.getOutputStream().write('x');
                assertThat(ended(socket)).isTrue();
            }
            assertThat(server.stats())
                    .containsKey("listener.hbone.ssl.fail_verify_no_cert")
                    .doesNotContainKey("http.hbone.downstream_rq_total");
        }
    }

    private static boolean ended(Socket socket) throws IOException {
        try {
            return socket.getInputStream().read() < 0;
        } catch (SocketException reset) {
            return true;
        }
    }

    private static Socket connect(ProxyProcess proxy, String listener) throws IOException {
        Socket socket = new Socket();
        socket.setSoTimeout(20_000);
        socket.connect(proxy.listener(listener));
        return socket;
    }
}
