package dev.starling.runtime.tls;

import static org.assertj.core.api.Assertions.assertThat;

import dev.starling.config.ByteCount;
import dev.starling.config.cluster.CircuitBreakers;
import dev.starling.config.cluster.UpstreamHttp;
import dev.starling.config.http.Http2Options;
import dev.starling.config.tls.CommonTls;
import dev.starling.config.tls.DownstreamTls;
import dev.starling.config.tls.TlsVersion;
import dev.starling.config.tls.UpstreamTls;
import dev.starling.runtime.http.RawClient;
import dev.starling.runtime.http.RawUpstream;
import dev.starling.runtime.listener.HttpFixture;
import dev.starling.runtime.listener.ProxyFixture;
import dev.starling.runtime.time.Clock;
import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What is spoken with an endpoint over TLS: what it chooses by ALPN, or what is configured. */
@ParameterizedClass
@EnumSource(TlsProvider.class)
@Timeout(60)
class UpstreamAlpnIT {

    private static final Pki PKI = new Pki();
    private static final X509Bundle SERVER = PKI.issue("a.example.com");

    private final ProxyFixture proxy;
    private final RawUpstream behind = RawUpstream.answering("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok");

    UpstreamAlpnIT(TlsProvider provider) throws IOException {
        proxy = ProxyFixture.start(1, Clock.SYSTEM, provider);
        proxy.publish("behind", behind.address());
    }

    @AfterEach
    void stop() throws IOException {
        proxy.withdraw("up");
        proxy.eventually("no upstream connection is left", () -> proxy.gauge("cluster.up.upstream_cx_active") == 0);
        proxy.close();
        behind.close();
    }

    private static CommonTls common(List<String> alpn, boolean server) {
        return new CommonTls(
                Pki.parameters(TlsVersion.TLS_1_2, TlsVersion.TLS_1_3),
                server ? List.of(Pki.source(SERVER)) : List.of(),
                server ? Optional.empty() : Optional.of(PKI.validation()),
                alpn);
    }

    @ParameterizedTest(name = "{0}, the endpoint takes {1}")
    @CsvSource({
        "BY_ALPN,       h2 http/1.1, 0, 1",
        "BY_ALPN,       h2,          0, 1",
        "BY_ALPN,       http/1.1,    1, 0",
        "BY_ALPN,       '',          1, 0",
        "HTTP_1,        h2 http/1.1, 1, 0",
        "HTTP_2,        h2 http/1.1, 0, 1",
        "HTTP_2,        '',          0, 1", // which speaks it nevertheless
        "AS_DOWNSTREAM, h2 http/1.1, 1, 0",
    })
    void speaks(UpstreamHttp.Version version, String taken, long http1, long http2) throws IOException {
        List<String> offered = version == UpstreamHttp.Version.BY_ALPN
                ? List.of("h2", "http/1.1")
                : List.of(http2 == 1 ? "h2" : "http/1.1");
        publish(endpoint(taken), version, offered);

        InetSocketAddress address = proxy.listen(HttpFixture.to("up"));
        for (int i = 0; i < 3; i++) {
            try (RawClient client = new RawClient(address)) {
                assertThat(client.get("/").readUntil("ok")).startsWith("HTTP/1.1 200 OK\r\n");
            }
        }
        assertThat(proxy.counter("cluster.up.upstream_cx_http1_total")).isEqualTo(http1);
        assertThat(proxy.counter("cluster.up.upstream_cx_http2_total")).isEqualTo(http2);
        assertThat(proxy.counter("cluster.up.ssl.handshake")).isEqualTo(1);
    }

    private InetSocketAddress endpoint(String taken) {
        List<String> alpn = taken.isEmpty() ? List.of() : List.of(taken.split(" "));
        return proxy.listen(
                Pki.server(common(alpn, true), false, DownstreamTls.Tickets.Kind.OWN_KEY),
                Duration.ZERO,
                ByteCount.mebibytes(1).clampedToInt(),
                HttpFixture.to("behind"));
    }

    private void publish(InetSocketAddress endpoint, UpstreamHttp.Version version, List<String> offered) {
        UpstreamHttp d = UpstreamHttp.DEFAULT;
        var http = new UpstreamHttp(
                version,
                d.idleTimeout(),
                Optional.empty(),
                Optional.empty(),
                0,
                d.maxHeadersCount(),
                Optional.empty(),
                false,
                Http2Options.DEFAULT,
                UpstreamHttp.AutoNames.NONE);
        var settings = ProxyFixture.cluster(
                "up", Duration.ofSeconds(5), ByteCount.mebibytes(1), CircuitBreakers.DEFAULT, http);
        var tls = new UpstreamTls(common(offered, false), "a.example.com", false, false, 1, true);
        proxy.publish(settings, tls, endpoint);
    }
}
