package dev.starling.runtime.tls;

import static org.assertj.core.api.Assertions.assertThat;

import dev.starling.config.ByteCount;
import dev.starling.config.matcher.StringMatcher;
import dev.starling.config.tcp.Echo;
import dev.starling.config.tcp.TcpProxy;
import dev.starling.config.tcp.TcpProxy.WeightedCluster;
import dev.starling.config.tls.CommonTls;
import dev.starling.config.tls.PeerValidation.SanMatcher;
import dev.starling.config.tls.PeerValidation.SanType;
import dev.starling.config.tls.TlsVersion;
import dev.starling.config.tls.UpstreamTls;
import dev.starling.runtime.listener.ProxyFixture;
import dev.starling.runtime.network.echo.EchoFactory;
import dev.starling.runtime.network.tcpproxy.TcpProxyFactory;
import dev.starling.runtime.time.Clock;
import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** From a client in clear through a cluster whose endpoint speaks TLS, with either provider on both ends. */
@ParameterizedClass
@EnumSource(TlsProvider.class)
@Timeout(60)
class UpstreamTlsIT {

    private static final Pki PKI = new Pki();
    private static final X509Bundle SERVER = PKI.issue("a.example.com");

    private final ProxyFixture proxy;

    UpstreamTlsIT(TlsProvider provider) {
        proxy = ProxyFixture.start(1, Clock.SYSTEM, provider);
    }

    @AfterEach
    void stop() {
        proxy.close();
    }

    private InetSocketAddress through(UpstreamTls tls, X509Bundle... clientAuthority) {
        var server = clientAuthority.length == 0
                ? Pki.server(SERVER)
                : Pki.server(Optional.of(PKI.validation()), true, SERVER);
        var endpoint = proxy.listen(
                server,
                Duration.ZERO,
                ByteCount.mebibytes(1).clampedToInt(),
                context -> new EchoFactory().create(new Echo(), context));
        proxy.publish(ProxyFixture.cluster("up"), tls, endpoint);
        return proxy.listen(context -> new TcpProxyFactory()
                .create(
                        new TcpProxy(
                                "test",
                                List.of(new WeightedCluster("up", 1)),
                                Duration.ofHours(1),
                                Optional.empty(),
                                1,
                                List.of()),
                        context));
    }

    /** What comes back for five bytes; less if the connection ends. */
    private static String echo(InetSocketAddress address) throws IOException {
        try (var socket = new Socket(address.getAddress(), address.getPort())) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream().write("hello".getBytes(StandardCharsets.UTF_8));
            return new String(socket.getInputStream().readNBytes(5), StandardCharsets.UTF_8);
        } catch (SocketException reset) {
            return "";
        }
    }

    private void eventuallyCounts(String name, long count) {
        proxy.eventually(name + " is " + count, () -> proxy.counter(name) == count);
    }

    @Test
    void passesBytes() throws Exception {
        var address = through(PKI.client("a.example.com"));

        assertThat(echo(address)).isEqualTo("hello");

        eventuallyCounts("cluster.up.ssl.handshake", 1);
        eventuallyCounts("listener.fixture-0.ssl.handshake", 1);
    }

    @Test
    void resumesASession() throws Exception {
        var address = through(PKI.client("a.example.com"));

        assertThat(echo(address)).isEqualTo("hello");
        assertThat(echo(address)).isEqualTo("hello");

        eventuallyCounts("cluster.up.ssl.handshake", 2);
        if (proxy.tlsProvider() == TlsProvider.BORINGSSL) { // Java's own does not tell
            eventuallyCounts("cluster.up.ssl.session_reused", 1);
            eventuallyCounts("listener.fixture-0.ssl.session_reused", 1);
        }
    }

    @Test
    void doesNotTrustAnotherAuthority() throws Exception {
        var address = through(new Pki("CN=other").client("a.example.com"));

        assertThat(echo(address)).isEmpty();

        eventuallyCounts("cluster.up.ssl.fail_verify_error", 1);
        eventuallyCounts("cluster.up.upstream_cx_connect_fail", 1);
    }

    @Test
    void wantsTheNameThatIsConfigured() throws Exception {
        var common = new CommonTls(
                Pki.parameters(TlsVersion.TLS_1_2, TlsVersion.TLS_1_2),
                List.of(),
                Optional.of(
                        PKI.validation(new SanMatcher(SanType.DNS, new StringMatcher.Exact("b.example.com", false)))),
                List.of());
        var address = through(new UpstreamTls(common, "a.example.com", false, false, 1, true));

        assertThat(echo(address)).isEmpty();

        eventuallyCounts("cluster.up.ssl.fail_verify_san", 1);
    }

    @Test
    void wantsTheNameThatItAsksFor() throws Exception {
        var plain = PKI.client("other.example.com");
        var address = through(new UpstreamTls(plain.common(), plain.sni(), false, true, 1, true));

        assertThat(echo(address)).isEmpty();

        eventuallyCounts("cluster.up.ssl.fail_verify_san", 1);
    }

    @Test
    void showsItsCertificate() throws Exception {
        var address = through(PKI.client("", PKI.issue("client")), PKI.authority());

        assertThat(echo(address)).isEqualTo("hello");
    }
}
