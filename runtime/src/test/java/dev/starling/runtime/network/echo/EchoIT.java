package dev.starling.runtime.network.echo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.starling.config.tcp.Echo;
import dev.starling.runtime.listener.ProxyFixture;
import dev.starling.runtime.network.LeakWatch;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class EchoIT {

    private static final byte[] MORE_THAN_SOCKETS_HOLD = new byte[32 * 1024 * 1024];

    @Test
    void returnsWhatTheClientSendsUntilItEnds() throws IOException {
        try (var proxy = ProxyFixture.start();
                var client = connect(proxy)) {
            client.getOutputStream().write("one".getBytes(StandardCharsets.US_ASCII));
            assertThat(client.getInputStream().readNBytes(3)).asString().isEqualTo("one");
            client.getOutputStream().write("two".getBytes(StandardCharsets.US_ASCII));
            client.shutdownOutput();

            assertThat(client.getInputStream().readAllBytes()).asString().isEqualTo("two");
            sessionsEnd(proxy);
        }
    }

    @Test
    void stopsReadingFromAClientThatDoesNotReadAndLosesNothing() throws IOException {
        try (var leaks = LeakWatch.start();
                var proxy = ProxyFixture.start()) {
            Socket client = connect(proxy);
            Thread.ofVirtual().start(() -> {
                try {
                    client.getOutputStream().write(MORE_THAN_SOCKETS_HOLD);
                } catch (IOException closed) {
                    // as is meant
                }
            });
            assertThat(client.getInputStream().readNBytes(8 * 1024 * 1024)).hasSize(8 * 1024 * 1024);
            client.setSoLinger(true, 0);
            client.close();

            sessionsEnd(proxy);
            assertThat(leaks.leaks()).isEmpty();
        }
    }

    @Test
    void closesSessionsWhenToldTo() throws IOException {
        try (var proxy = ProxyFixture.start();
                var client = connect(proxy)) {
            proxy.eventually("a session", () -> proxy.lane(0, proxy.loop()).connections() == 1);
            ProxyFixture.on(proxy.loop(), () -> {
                proxy.lane(0, proxy.loop()).drain();
                return true;
            });
            assertThat(proxy.lane(0, proxy.loop()).connections()).isEqualTo(1);
            ProxyFixture.on(proxy.loop(), () -> {
                proxy.lane(0, proxy.loop()).closeAll();
                return true;
            });

            assertThat(client.getInputStream().read()).isEqualTo(-1);
            sessionsEnd(proxy);
        }
    }

    private static Socket connect(ProxyFixture proxy) throws IOException {
        InetSocketAddress address = proxy.listen(context -> new EchoFactory().create(new Echo(), context));
        return new Socket(address.getAddress(), address.getPort());
    }

    private static void sessionsEnd(ProxyFixture proxy) {
        proxy.eventually("no session", () -> proxy.lane(0, proxy.loop()).connections() == 0);
        assertThat(proxy.gauge("listener.fixture-0.downstream_cx_active")).isZero();
    }
}
