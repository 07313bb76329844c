package dev.starling.runtime.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.starling.config.ByteCount;
import dev.starling.config.matcher.StringMatcher;
import dev.starling.config.tls.CommonTls;
import dev.starling.config.tls.DataSource;
import dev.starling.config.tls.DownstreamTls;
import dev.starling.config.tls.DownstreamTls.Tickets;
import dev.starling.config.tls.PeerValidation;
import dev.starling.config.tls.PeerValidation.SanMatcher;
import dev.starling.config.tls.PeerValidation.SanType;
import dev.starling.config.tls.TlsVersion;
import dev.starling.runtime.listener.ProxyFixture;
import dev.starling.runtime.network.echo.EchoFactory;
import dev.starling.runtime.time.Clock;
import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** An echo behind TLS, with either provider, to a client that is Java's own. */
@ParameterizedClass
@EnumSource(TlsProvider.class)
@Timeout(60)
class DownstreamTlsIT {

    private static final int BUFFER_BYTES = ByteCount.mebibytes(1).clampedToInt();

    private static final Pki PKI = new Pki();
    private static final X509Bundle SERVER = PKI.issue("a.example.com");

    private final ProxyFixture proxy;

    DownstreamTlsIT(TlsProvider provider) {
        proxy = ProxyFixture.start(1, Clock.SYSTEM, provider);
    }

    @AfterEach
    void stop() {
        proxy.close();
    }

    private InetSocketAddress listen(DownstreamTls tls) {
        return listen(tls, Duration.ZERO);
    }

    private InetSocketAddress listen(DownstreamTls tls, Duration handshakeTimeout) {
        return proxy.listen(
                tls,
                handshakeTimeout,
                BUFFER_BYTES,
                context -> new EchoFactory().create(new dev.starling.config.tcp.Echo(), context));
    }

    private long stat(String name) {
        return proxy.counter("listener.fixture-0.ssl." + name);
    }

    private void eventuallyCounts(String name, long count) {
        proxy.eventually(name + " is " + count, () -> stat(name) == count);
    }

    @Test
    void passesBytesInBothVersions() throws Exception {
        var address = listen(Pki.server(SERVER));

        for (String version : List.of("TLSv1.2", "TLSv1.3")) {
            try (SSLSocket client = new TlsClient(PKI).open(address, "a.example.com", version)) {
                assertThat(TlsClient.echo(client, "hello")).isEqualTo("hello");
                assertThat(client.getSession().getProtocol()).isEqualTo(version);
            }
        }

        eventuallyCounts("handshake", 2);
        eventuallyCounts("versions.TLSv1.2", 1);
        eventuallyCounts("versions.TLSv1.3", 1);
        eventuallyCounts("no_certificate", 2);
        eventuallyCounts("ciphers.ECDHE-ECDSA-AES128-GCM-SHA256", 1);
        assertThat(stat("connection_error")).isZero();
    }

    @Test
    void passesMuch() throws Exception {
        var address = listen(Pki.server(SERVER));
        String text = "0123456789abcdef".repeat(64 * 1024);

        try (SSLSocket client = new TlsClient(PKI).open(address, "")) {
            client.startHandshake();
            byte[] sent = text.getBytes(StandardCharsets.UTF_8);
            Thread writer = Thread.ofPlatform().start(() -> {
                try {
                    client.getOutputStream().write(sent);
                } catch (IOException failure) {
                    throw new java.io.UncheckedIOException(failure);
                }
            });
            byte[] back = client.getInputStream().readNBytes(sent.length);
            writer.join();

            assertThat(back).isEqualTo(sent);
        }
    }

    @Test
    void choosesItsOwnFavouriteProtocol() throws Exception {
        var address = listen(Pki.server(SERVER));

        assertThat(alpn(address, "http/1.1", "h2")).isEqualTo("h2");
        assertThat(alpn(address, "http/1.1")).isEqualTo("http/1.1");
        assertThat(alpn(address, "spdy")).isEmpty();
    }

    private static String alpn(InetSocketAddress address, String... offered) throws IOException {
        try (SSLSocket client = new TlsClient(PKI).open(address, "")) {
            var parameters = client.getSSLParameters();
            parameters.setApplicationProtocols(offered);
            client.setSSLParameters(parameters);
            assertThat(TlsClient.echo(client, "x")).isEqualTo("x");
            return client.getApplicationProtocol();
        }
    }

    @Test
    void choosesTheCertificateByTheNameAskedFor() throws Exception {
        var address = listen(Pki.server(
                SERVER,
                PKI.issue("*.wild.example.com"),
                PKI.issue("exact.wild.example.com"),
                PKI.issue("b.example.com")));

        assertThat(shown(address, "b.example.com")).isEqualTo("CN=b.example.com");
        assertThat(shown(address, "x.wild.example.com")).isEqualTo("CN=*.wild.example.com");
        assertThat(shown(address, "exact.wild.example.com")).isEqualTo("CN=exact.wild.example.com");
        assertThat(shown(address, "other.example.com")).isEqualTo("CN=a.example.com");
        assertThat(shown(address, "")).isEqualTo("CN=a.example.com");
    }

    private static String shown(InetSocketAddress address, String name) throws IOException {
        try (SSLSocket client = new TlsClient(PKI).open(address, name)) {
            client.startHandshake();
            return ((X509Certificate) client.getSession().getPeerCertificates()[0])
                    .getSubjectX500Principal()
                    .getName();
        }
    }

    @Test
    void prefersEllipticCurvesIfTheClientCanTakeThem() throws Exception {
        var rsa = PKI.issue("c.example.com", io.netty.pkitesting.CertificateBuilder::rsa2048);
        var address = listen(Pki.server(rsa, PKI.issue("c.example.com")));

        try (SSLSocket client = new TlsClient(PKI).open(address, "c.example.com")) {
            client.startHandshake();
            assertThat(client.getSession()
                            .getPeerCertificates()[0]
                            .getPublicKey()
                            .getAlgorithm())
                    .isEqualTo("EC");
        }
    }

    @Test
    void asksForCertificatesAndJudgesThem() throws Exception {
        var names = new SanMatcher(SanType.DNS, new StringMatcher.Exact("good.client", false));
        var address = listen(Pki.server(Optional.of(PKI.validation(names)), true, SERVER));

        assertThat(echoed(address, PKI.issue("good.client"))).isEqualTo("hi");
        eventuallyCounts("handshake", 1);

        assertThatThrownBy(() -> echoed(address, PKI.issue("bad.client"))).isInstanceOf(IOException.class);
        eventuallyCounts("fail_verify_san", 1);

        assertThatThrownBy(() -> echoed(address, new Pki("CN=other").issue("good.client")))
                .isInstanceOf(IOException.class);
        eventuallyCounts("fail_verify_error", 1);

        var expired = PKI.issue(
                "good.client",
                builder -> builder.notBefore(Instant.now().minusSeconds(7200))
                        .notAfter(Instant.now().minusSeconds(3600)));
        assertThatThrownBy(() -> echoed(address, expired)).isInstanceOf(IOException.class);
        eventuallyCounts("fail_verify_error", 2);

        assertThatThrownBy(() -> echoed(address)).isInstanceOf(IOException.class);
        eventuallyCounts("fail_verify_no_cert", 1);
        assertThat(stat("handshake")).isEqualTo(1);
        assertThat(stat("connection_error")).isZero();
    }

    private static String echoed(InetSocketAddress address, X509Bundle... identity) throws IOException {
        try (SSLSocket client = new TlsClient(PKI, identity).open(address, "")) {
            return TlsClient.echo(client, "hi");
        }
    }

    @Test
    void letsInWhomItKnowsByTheirKey() throws Exception {
        var pinned = new Pki("CN=unknown").issue("pinned");
        byte[] key = java.security.MessageDigest.getInstance("SHA-256")
                .digest(pinned.getCertificate().getPublicKey().getEncoded());
        var pins = new PeerValidation(
                Optional.empty(), List.of(), List.of(Base64.getEncoder().encodeToString(key)), List.of(), false, false);
        var address = listen(Pki.server(Optional.of(pins), true, SERVER));

        assertThat(echoed(address, pinned)).isEqualTo("hi");
        assertThatThrownBy(() -> echoed(address, PKI.issue("other"))).isInstanceOf(IOException.class);
        eventuallyCounts("fail_verify_cert_hash", 1);
    }

    @Test
    void takesExpiredCertificatesWhereAllowed() throws Exception {
        var rules = new PeerValidation(Optional.of(PKI.trust()), List.of(), List.of(), List.of(), true, false);
        var address = listen(Pki.server(Optional.of(rules), true, SERVER));
        var expired = PKI.issue(
                "x",
                builder -> builder.notBefore(Instant.now().minusSeconds(60))
                        .notAfter(Instant.now().minusSeconds(30)));

        assertThat(echoed(address, expired)).isEqualTo("hi");
    }

    @Test
    void resumesSessions() throws Exception {
        var address = listen(Pki.server(SERVER));
        var client = new TlsClient(PKI);

        for (int i = 0; i < 3; i++) {
            try (SSLSocket socket = client.open(address, "a.example.com", "TLSv1.2")) {
                assertThat(TlsClient.echo(socket, "hello")).isEqualTo("hello");
            }
        }

        eventuallyCounts("handshake", 3);
        if (proxy.tlsProvider() == TlsProvider.BORINGSSL) { // Java's own does not tell
            assertThat(stat("session_reused")).isEqualTo(2);
        }
    }

    @Test
    void refusesWhatIsNoTls() throws Exception {
        var address = listen(Pki.server(SERVER));

        assertThat(answer(address, "GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII)))
                .doesNotContain('G');
        eventuallyCounts("connection_error", 1);
        answer(address, new byte[] {1, 2, 3, 4, 5, 6, 7, 8});
        eventuallyCounts("connection_error", 2);
        assertThat(proxy.gauge("connections")).isZero();
    }

    private static byte[] answer(InetSocketAddress address, byte[] bytes) throws IOException {
        try (var socket = new Socket(address.getAddress(), address.getPort())) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream().write(bytes);
            return socket.getInputStream().readAllBytes();
        } catch (java.net.SocketException reset) {
            return new byte[0];
        }
    }

    @Test
    void refusesAVersionThatIsTooOld() throws Exception {
        var common = new CommonTls(
                Pki.parameters(TlsVersion.TLS_1_3, TlsVersion.TLS_1_3),
                List.of(Pki.source(SERVER)),
                Optional.empty(),
                List.of());
        var address = listen(Pki.server(common, false, Tickets.Kind.OWN_KEY));

        try (SSLSocket client = new TlsClient(PKI).open(address, "", "TLSv1.2")) {
            assertThatThrownBy(client::startHandshake).isInstanceOf(SSLException.class);
        }
        eventuallyCounts("connection_error", 1);
    }

    @Test
    void givesUpAHandshakeThatTakesTooLong() throws Exception {
        var address = listen(Pki.server(SERVER), Duration.ofMillis(100));

        try (var socket = new Socket(address.getAddress(), address.getPort())) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream().write(new byte[] {22, 3, 1});
            assertThat(socket.getInputStream().read()).isEqualTo(-1);
        }

        proxy.eventually(
                "the timeout is counted",
                () -> proxy.counter("listener.fixture-0.downstream_cx_transport_socket_connect_timeout") == 1);
    }

    @Test
    void takesTicketsUnderConfiguredKeys() throws Exception {
        var keys = new Tickets.Keys(List.of(new DataSource.Inline(new byte[80])));
        var common = new CommonTls(
                Pki.parameters(TlsVersion.TLS_1_2, TlsVersion.TLS_1_3),
                List.of(Pki.source(SERVER)),
                Optional.empty(),
                List.of());
        var address = listen(Pki.server(common, false, keys));

        assertThat(shown(address, "a.example.com")).isEqualTo("CN=a.example.com");
    }

    @Test
    void usesReplacedContextsForNewHandshakesOnly() throws Exception {
        var address = listen(Pki.server(SERVER));

        try (SSLSocket before = new TlsClient(PKI).open(address, "")) {
            assertThat(TlsClient.echo(before, "one")).isEqualTo("one");
            assertThat(proxy.holder().reload()).isTrue();
            assertThat(TlsClient.echo(before, "two")).isEqualTo("two");
            assertThat(shown(address, "")).isEqualTo("CN=a.example.com");
        }
    }
}
