package dev.starling.runtime.tls;

import static org.assertj.core.api.Assertions.assertThat;

import dev.starling.config.tcp.Echo;
import dev.starling.runtime.listener.ProxyFixture;
import dev.starling.runtime.network.LeakWatch;
import dev.starling.runtime.network.echo.EchoFactory;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.Optional;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A client goes away after every single byte of what it says in a handshake: nothing is kept, and every end is told. */
@Timeout(120)
class HandshakeKillIT {

    private static final Pki PKI = new Pki();

    private final LeakWatch leaks = LeakWatch.start();
    private final ProxyFixture proxy = ProxyFixture.start();

    @AfterEach
    void stop() {
        proxy.close();
        assertThat(leaks.leaks()).isEmpty();
        leaks.close();
    }

    /** Falls silent after so many bytes, and then ends or resets the connection. */
    private static final class Mortal extends Socket {

        private final int bytes;
        private final boolean resets;
        private int said;

        Mortal(InetSocketAddress address, int bytes, boolean resets) throws IOException {
            super(address.getAddress(), address.getPort());
            this.bytes = bytes;
            this.resets = resets;
        }

        @Override
        public OutputStream getOutputStream() throws IOException {
            return new FilterOutputStream(super.getOutputStream()) {
                @Override
                public void write(byte[] content, int offset, int length) throws IOException {
                    int part = Math.min(length, bytes - said);
                    out.write(content, offset, part);
                    said += part;
                    if (part < length) {
                        setSoLinger(resets, 0);
                        Mortal.this.close();
                    }
                }
            };
        }
    }

    @ParameterizedTest
    @CsvSource({"TLSv1.2, true", "TLSv1.3, false"})
    void keepsNothingOfClientsThatGoAway(String version, boolean resets) throws Exception {
        var address = proxy.listen(
                Pki.server(Optional.of(PKI.validation()), true, PKI.issue("a.example.com")),
                Duration.ZERO,
                1 << 20,
                context -> new EchoFactory().create(new Echo(), context));
        var identity = PKI.issue("client");
        int connections = 0;
        boolean through = false;
        while (!through) {
            through = shakesHands(new TlsClient(PKI, identity), address, version, connections, resets);
            connections++;
        }
        int all = connections;

        System.out.println(version + (resets ? ", reset" : ", ended") + ": " + all + " clients, one through");
        proxy.eventually("all are counted", () -> proxy.counter("listener.fixture-0.downstream_cx_total") == all);
        proxy.eventually("nobody is left", () -> proxy.gauge("connections") == 0);
        assertThat(proxy.holder().notes().size()).isZero();
        assertThat(proxy.counter("listener.fixture-0.downstream_cx_destroy")).isEqualTo(all);
        // The last bytes may be lost to the client's fate only: then the server was through.
        assertThat(proxy.counter("listener.fixture-0.ssl.handshake")).isBetween(1L, 64L);
        assertThat(proxy.counter("listener.fixture-0.ssl.fail_verify_no_cert")).isZero();
        assertThat(proxy.counter("listener.fixture-0.ssl.fail_verify_error")).isZero();
    }

    private static boolean shakesHands(
            TlsClient client, InetSocketAddress address, String version, int bytes, boolean resets) throws IOException {
        try (Socket mortal = new Mortal(address, bytes, resets);
                SSLSocket socket = client.over(mortal, version)) {
            return TlsClient.echo(socket, "hi").equals("hi");
        } catch (IOException died) {
            return false;
        }
    }
}
