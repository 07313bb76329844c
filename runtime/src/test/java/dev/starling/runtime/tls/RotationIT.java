package dev.starling.runtime.tls;

import static org.assertj.core.api.Assertions.assertThat;

import dev.starling.config.ByteCount;
import dev.starling.config.tcp.Echo;
import dev.starling.config.tls.CertificateSource;
import dev.starling.config.tls.CommonTls;
import dev.starling.config.tls.DataSource;
import dev.starling.config.tls.DownstreamTls;
import dev.starling.config.tls.TlsVersion;
import dev.starling.runtime.listener.ProxyFixture;
import dev.starling.runtime.network.echo.EchoFactory;
import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Certificates in files are replaced as Kubernetes does it, while clients come and go. */
@Timeout(60)
class RotationIT {

    private static final Pki PKI = new Pki();

    private final ProxyFixture proxy = ProxyFixture.start();

    @TempDir
    Path folder;

    @AfterEach
    void stop() {
        proxy.close();
    }

    /** A folder with the files of a version, to which the link that is swapped leads. */
    private void publish(String version, X509Bundle identity) throws IOException {
        Path files = Files.createDirectory(folder.resolve(version));
        Files.writeString(files.resolve("cert.pem"), identity.getCertificatePathPEM());
        Files.writeString(files.resolve("key.pem"), identity.getPrivateKeyPEM());
        Path link = Files.createSymbolicLink(folder.resolve("..data_tmp"), files);
        Files.move(link, folder.resolve("..data"), StandardCopyOption.ATOMIC_MOVE);
    }

    private InetSocketAddress listen() {
        Path data = folder.resolve("..data");
        var source = new CertificateSource(
                Optional.of(new DataSource.File(data.resolve("cert.pem").toString())),
                Optional.of(new DataSource.File(data.resolve("key.pem").toString())),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.of(folder.toString()));
        var common = new CommonTls(
                Pki.parameters(TlsVersion.TLS_1_2, TlsVersion.TLS_1_3), List.of(source), Optional.empty(), List.of());
        return proxy.listen(
                Pki.server(common, false, DownstreamTls.Tickets.Kind.OWN_KEY),
                Duration.ZERO,
                ByteCount.mebibytes(1).clampedToInt(),
                context -> new EchoFactory().create(new Echo(), context));
    }

    /** Says hello over a new connection, and tells whose certificate was shown. */
    private static String hello(InetSocketAddress address) throws IOException {
        try (SSLSocket client = new TlsClient(PKI).open(address, "")) {
            assertThat(TlsClient.echo(client, "hello")).isEqualTo("hello");
            return ((X509Certificate) client.getSession().getPeerCertificates()[0])
                    .getSubjectX500Principal()
                    .getName();
        }
    }

    @Test
    void losesNoConnectionWhileFilesAreSwapped() throws Exception {
        publish("v0", PKI.issue("v0"));
        var address = listen();

        try (SSLSocket staying = new TlsClient(PKI).open(address, "")) {
            assertThat(TlsClient.echo(staying, "first")).isEqualTo("first");
            List<String> seen = new ArrayList<>();
            for (int version = 1; version <= 5; version++) {
                publish("v" + version, PKI.issue("v" + version));
                String wanted = "CN=v" + version;
                while (seen.isEmpty() || !seen.getLast().equals(wanted)) { // the test's time limit ends it
                    seen.add(hello(address));
                }
            }
            assertThat(TlsClient.echo(staying, "last")).isEqualTo("last");
        }
    }

    @Test
    void failsNoRequestUnderLoad() throws Exception {
        publish("v0", PKI.issue("v0"));
        var address = listen();
        var over = new AtomicBoolean();
        var onOld = new LongAdder();
        var onNew = new LongAdder();
        Set<String> shown = ConcurrentHashMap.newKeySet();
        List<Callable<Void>> clients = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            clients.add(() -> {
                try (SSLSocket staying = new TlsClient(PKI).open(address, "")) {
                    while (!over.get()) {
                        assertThat(TlsClient.echo(staying, "hello")).isEqualTo("hello");
                        onOld.increment();
                    }
                }
                return null;
            });
            clients.add(() -> {
                while (!over.get()) {
                    shown.add(hello(address));
                    onNew.increment();
                }
                return null;
            });
        }
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var running = clients.stream().map(threads::submit).toList();
            for (int version = 1; version <= 20; version++) {
                publish("v" + version, PKI.issue("v" + version));
                String wanted = "CN=v" + version;
                proxy.eventually(wanted + " is shown", () -> shown.contains(wanted));
            }
            over.set(true);
            for (var client : running) {
                client.get();
            }
        }

        System.out.println(
                "20 rotations: " + onOld + " requests on old connections, " + onNew + " on new ones, none failed");
        assertThat(onNew.sum()).isGreaterThan(20);
        assertThat(proxy.counter("listener.fixture-0.ssl.connection_error")).isZero();
        assertThat(proxy.counter("listener.fixture-0.ssl.handshake")).isEqualTo(onNew.sum() + 4);
    }

    @Test
    void keepsWhatItHasWhenTheNewFilesCannotBeUsed() throws Exception {
        publish("v0", PKI.issue("v0"));
        var address = listen();
        assertThat(hello(address)).isEqualTo("CN=v0");

        Files.writeString(
                folder.resolve("v0").resolve("key.pem"), PKI.issue("other").getPrivateKeyPEM());

        assertThat(proxy.holder().reload()).isFalse();
        assertThat(hello(address)).isEqualTo("CN=v0");
    }

    private void publishKey(char content) throws IOException {
        Path written = Files.writeString(
                folder.resolve("next"), String.valueOf(content).repeat(80));
        Files.move(written, folder.resolve("tickets.key"), StandardCopyOption.ATOMIC_MOVE);
    }

    private boolean sealsWith(char content) {
        return proxy.holder()
                .material()
                .filter(material -> material.ticketKeys().getFirst().bytes()[0] == content)
                .isPresent();
    }

    @Test
    void takesTicketKeysThatAreMovedIn() throws Exception {
        publishKey('a');
        var common = new CommonTls(
                Pki.parameters(TlsVersion.TLS_1_2, TlsVersion.TLS_1_3),
                List.of(Pki.source(PKI.issue("v0"))),
                Optional.empty(),
                List.of());
        var keys = new DownstreamTls.Tickets.Keys(
                List.of(new DataSource.File(folder.resolve("tickets.key").toString())));
        var address = proxy.listen(
                Pki.server(common, false, keys),
                Duration.ZERO,
                ByteCount.mebibytes(1).clampedToInt(),
                context -> new EchoFactory().create(new Echo(), context));
        assertThat(sealsWith('a')).isTrue();

        publishKey('b');

        proxy.eventually("another key is in use", () -> sealsWith('b'));
        assertThat(hello(address)).isEqualTo("CN=v0");
    }
}
