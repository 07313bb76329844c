package dev.starling.runtime.listener.filter;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.starling.config.Extension;
import dev.starling.config.listener.ConnectionPredicate;
import dev.starling.config.listener.ListenerFilterChain;
import dev.starling.config.listener.filter.HttpInspector;
import dev.starling.config.listener.filter.ProxyProtocol;
import dev.starling.config.listener.filter.TlsInspector;
import dev.starling.config.tcp.Echo;
import dev.starling.runtime.listener.HttpFixture;
import dev.starling.runtime.listener.ProxyFixture;
import dev.starling.runtime.network.FilterChainContext;
import dev.starling.runtime.network.LeakWatch;
import dev.starling.runtime.network.NetworkFilter;
import dev.starling.runtime.network.echo.EchoFactory;
import dev.starling.runtime.time.HeldClock;
import dev.starling.runtime.tls.hello.Hello;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Over real sockets: whatever listener filters look at, whoever serves the connection gets every byte once. */
@Timeout(120)
class InspectionIT {

    private static final ListenerFilterChain.Entry PROXY =
            entry("proxy_protocol.v3.ProxyProtocol", ProxyProtocol.DEFAULT);
    private static final ListenerFilterChain.Entry TLS = entry("tls_inspector.v3.TlsInspector", TlsInspector.DEFAULT);
    private static final ListenerFilterChain.Entry HTTP = entry("http_inspector.v3.HttpInspector", new HttpInspector());
    private static final Duration TIMEOUT = Duration.ofMillis(40);
    private static final String PROXY_LINE = "PROXY TCP4 1.2.3.4 5.6.7.8 9 10\r\n";

    @Test
    void losesNothingAtAnySplitOfAHello() throws IOException {
        byte[] hello = new Hello().serverName("a.example").protocols("h2").records(40);
        byte[] sent = join(hello, "and more".getBytes(ISO_8859_1));
        try (var leaks = LeakWatch.start();
                var proxy = ProxyFixture.start()) {
            var address = proxy.listen(filters(TLS, HTTP), InspectionIT::echo);

            for (int i = 1; i < sent.length; i++) {
                assertThat(echoed(address, sent, i)).as("split at " + i).isEqualTo(sent);
            }

            proxy.eventually("all found", () -> proxy.counter("tls_inspector.tls_found") == sent.length - 1);
            assertThat(proxy.counter("tls_inspector.sni_found")).isEqualTo(sent.length - 1);
            assertThat(proxy.counter("tls_inspector.alpn_found")).isEqualTo(sent.length - 1);
            assertThat(proxy.counter("http_inspector.http_not_found")).isZero();
            assertThat(leaks.leaks()).isEmpty();
        }
    }

    @Test
    void takesAwayThePreambleAtAnySplit() throws IOException {
        byte[] rest = join(new Hello().record(), new byte[] {1, 2, 3});
        byte[] sent = join(PROXY_LINE.getBytes(ISO_8859_1), rest);
        try (var proxy = ProxyFixture.start()) {
            var address = proxy.listen(filters(PROXY, TLS), InspectionIT::echo);

            for (int i = 1; i < sent.length; i++) {
                assertThat(echoed(address, sent, i)).as("split at " + i).isEqualTo(rest);
            }

            assertThat(proxy.counter("proxy_proto.versions.v1.found")).isEqualTo(sent.length - 1);
        }
    }

    @Test
    void passesOnWhatComesBehindTheInspectedBytes() throws IOException {
        long seed = System.nanoTime();
        byte[] much = new byte[4 << 20];
        new Random(seed).nextBytes(much);
        byte[] sent = join(PROXY_LINE.getBytes(ISO_8859_1), new Hello().record(), much);
        byte[] expected = Arrays.copyOfRange(sent, PROXY_LINE.length(), sent.length);
        try (var leaks = LeakWatch.start();
                var proxy = ProxyFixture.start()) {
            var address = proxy.listen(filters(PROXY, TLS), InspectionIT::echo);

            assertThat(Arrays.equals(echoed(address, sent, 10), expected))
                    .as("seed " + seed)
                    .isTrue();
            assertThat(leaks.leaks()).isEmpty();
        }
    }

    @Test
    void givesTheConnectionManagerItsRequestAtAnySplit() throws IOException {
        byte[] request = "GET /x HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n".getBytes(ISO_8859_1);
        try (var proxy = ProxyFixture.start()) {
            var address = proxy.listen(filters(TLS, HTTP), HttpFixture.to("nowhere"));

            for (int i = 1; i < request.length; i++) {
                assertThat(new String(answered(address, request, i, false), ISO_8859_1))
                        .as("split at " + i)
                        .startsWith("HTTP/1.1 503");
            }
        }
    }

    @Test
    void closesWhoSaysNothingInTime() throws IOException {
        HeldClock clock = new HeldClock();
        try (var proxy = ProxyFixture.start(1, clock.clock());
                var client = connect(
                        proxy.listen(new ListenerFilterChain(List.of(TLS), TIMEOUT, false), InspectionIT::echo))) {
            proxy.eventually("it waits", () -> proxy.gauge("listener.fixture-0.downstream_pre_cx_active") == 1);

            clock.advance(TIMEOUT.multipliedBy(2));

            assertThat(client.getInputStream().read()).isNegative();
            assertThat(proxy.counter("listener.fixture-0.downstream_pre_cx_timeout"))
                    .isEqualTo(1);
            assertThat(proxy.counter("listener.fixture-0.downstream_cx_total")).isZero();
            proxy.eventually("gone", () -> proxy.gauge("listener.fixture-0.downstream_pre_cx_active") == 0);
        }
    }

    @Test
    void servesWhoSaysTooLittleInTimeIfToldTo() throws IOException {
        HeldClock clock = new HeldClock();
        try (var proxy = ProxyFixture.start(1, clock.clock());
                var client = connect(
                        proxy.listen(new ListenerFilterChain(List.of(TLS), TIMEOUT, true), InspectionIT::echo))) {
            client.getOutputStream().write(new byte[] {22, 3, 1});
            proxy.eventually("it waits", () -> proxy.gauge("listener.fixture-0.downstream_pre_cx_active") == 1);

            clock.advance(TIMEOUT.multipliedBy(2));
            proxy.eventually("it is served", () -> proxy.counter("listener.fixture-0.downstream_cx_total") == 1);
            client.getOutputStream().write(new byte[] {7});
            client.shutdownOutput();

            assertThat(client.getInputStream().readAllBytes()).containsExactly(22, 3, 1, 7);
        }
    }

    @Test
    void countsWhoLeavesMeanwhile() throws IOException {
        try (var leaks = LeakWatch.start();
                var proxy = ProxyFixture.start()) {
            var address = proxy.listen(filters(TLS), InspectionIT::echo);
            try (Socket ends = connect(address)) {
                ends.getOutputStream().write(22);
                ends.shutdownOutput();
                proxy.eventually(
                        "the end is seen",
                        () -> proxy.counter("listener.fixture-0.downstream_listener_filter_remote_close") == 1);
            }
            Socket resets = connect(address);
            resets.getOutputStream().write(22);
            proxy.eventually("it waits", () -> proxy.gauge("listener.fixture-0.downstream_pre_cx_active") == 1);
            resets.setSoLinger(true, 0);
            resets.close();
            proxy.eventually(
                    "the reset is seen",
                    () -> proxy.counter("listener.fixture-0.downstream_listener_filter_error") == 1);
            proxy.eventually("gone", () -> proxy.gauge("listener.fixture-0.downstream_pre_cx_active") == 0);
            assertThat(proxy.counter("listener.fixture-0.downstream_cx_total")).isZero();
            assertThat(leaks.leaks()).isEmpty();
        }
    }

    @Test
    void refusesAHelloThatIsTooLarge() throws IOException {
        try (var proxy = ProxyFixture.start();
                var client = connect(proxy.listen(filters(TLS), InspectionIT::echo))) {
            client.getOutputStream().write(new byte[] {22, 3, 1, 0x40, 0, 1, 0, 0x3f, 0});
            client.getOutputStream().write(new byte[16 * 1024]);

            proxy.eventually("too large", () -> proxy.counter("tls_inspector.client_hello_too_large") == 1);
            assertThat(proxy.counter("tls_inspector.tls_not_found")).isZero();
        }
    }

    @Test
    void leavesAloneWhatAFilterIsDisabledFor() throws IOException {
        var disabled = new ListenerFilterChain.Entry(TLS.filter(), ConnectionPredicate.All.ALL);
        try (var proxy = ProxyFixture.start()) {
            var address = proxy.listen(filters(disabled), InspectionIT::echo);

            assertThat(echoed(address, "x".getBytes(ISO_8859_1), 1)).asString().isEqualTo("x");
            assertThat(proxy.counter("tls_inspector.tls_not_found")).isZero();
        }
    }

    private static ListenerFilterChain.Entry entry(String type, Record config) {
        return new ListenerFilterChain.Entry(
                new Extension("f", "envoy.extensions.filters.listener." + type, config), ConnectionPredicate.None.NONE);
    }

    private static ListenerFilterChain filters(ListenerFilterChain.Entry... entries) {
        return new ListenerFilterChain(List.of(entries), Duration.ofSeconds(15), false);
    }

    private static NetworkFilter echo(FilterChainContext context) {
        return new EchoFactory().create(new Echo(), context);
    }

    private static byte[] echoed(InetSocketAddress address, byte[] sent, int split) throws IOException {
        return answered(address, sent, split, true);
    }

    /** What comes back until the end, of what was sent in two parts. */
    private static byte[] answered(InetSocketAddress address, byte[] sent, int split, boolean end) throws IOException {
        try (Socket client = connect(address)) {
            Thread writer = Thread.ofVirtual().start(() -> {
                try {
                    client.getOutputStream().write(sent, 0, split);
                    client.getOutputStream().write(sent, split, sent.length - split);
                    if (end) {
                        client.shutdownOutput();
                    }
                } catch (IOException closed) {
                    // seen by what does not come back
                }
            });
            byte[] got = client.getInputStream().readAllBytes();
            writer.join();
            return got;
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    private static Socket connect(InetSocketAddress address) throws IOException {
        Socket client = new Socket();
        client.setTcpNoDelay(true);
        client.setSoTimeout((int) ProxyFixture.PATIENCE.toMillis());
        client.connect(address);
        return client;
    }

    private static byte[] join(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }
}
