package dev.starling.runtime.network.tcpproxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.starling.config.ByteCount;
import dev.starling.runtime.listener.ProxyFixture;
import dev.starling.runtime.time.Clock;
import dev.starling.runtime.tls.Pki;
import dev.starling.runtime.tls.TlsClient;
import dev.starling.runtime.tls.TlsProvider;
import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** One side ends its direction while the other still speaks: through a TLS listener and a TLS cluster, and on in clear. */
@Timeout(60)
class TlsHalfCloseIT {

    private static final Pki PKI = new Pki();
    private static final X509Bundle SERVER = PKI.issue("a.example.com");

    private static TcpScene scene(TlsProvider provider) throws IOException {
        return new TcpScene(ProxyFixture.start(1, Clock.SYSTEM, provider));
    }

    /** Where a client of TLS is passed on in TLS, to where it is passed on to the endpoint. */
    private static InetSocketAddress chain(TcpScene scene) {
        scene.proxy.publish("one", scene.address());
        scene.proxy.publish(ProxyFixture.cluster("two"), PKI.client("a.example.com"), secured(scene, "one"));
        return secured(scene, "two");
    }

    private static InetSocketAddress secured(TcpScene scene, String cluster) {
        return scene.proxy.listen(
                Pki.server(SERVER),
                Duration.ZERO,
                ByteCount.mebibytes(1).clampedToInt(),
                context -> new TcpProxyFactory().create(TcpScene.to(cluster), context));
    }

    private static SSLSocket client(TcpScene scene, String version) throws IOException {
        SSLSocket client = new TlsClient(PKI).open(chain(scene), "a.example.com", version);
        client.startHandshake();
        return client;
    }

    /** Java's own provider ends both directions of TLS 1.2. */
    @ParameterizedTest
    @CsvSource({"BORINGSSL,TLSv1.3", "BORINGSSL,TLSv1.2", "JDK,TLSv1.3"})
    void theEndpointMayAnswerWhenTheClientHasEnded(TlsProvider provider, String version) throws Exception {
        try (TcpScene scene = scene(provider);
                SSLSocket client = client(scene, version)) {
            TcpScene.send(client, "hello");
            client.shutdownOutput();
            Socket endpoint = scene.accept();

            assertThat(TcpScene.rest(endpoint)).isEqualTo("hello");
            TcpScene.send(endpoint, "late");
            endpoint.close();
            assertThat(TcpScene.rest(client)).isEqualTo("late");
            scene.sessionsEnd();
        }
    }

    @ParameterizedTest
    @EnumSource(TlsProvider.class)
    void theClientMaySpeakWhenTheEndpointHasEnded(TlsProvider provider) throws Exception {
        try (TcpScene scene = scene(provider);
                SSLSocket client = client(scene, "TLSv1.3")) {
            Socket endpoint = scene.accept();
            TcpScene.send(endpoint, "first");
            endpoint.shutdownOutput();

            assertThat(TcpScene.rest(client)).isEqualTo("first");
            TcpScene.send(client, "more");
            client.shutdownOutput();
            assertThat(TcpScene.rest(endpoint)).isEqualTo("more");
            endpoint.close();
            scene.sessionsEnd();
        }
    }
}
