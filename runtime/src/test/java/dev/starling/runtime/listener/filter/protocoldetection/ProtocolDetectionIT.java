package dev.starling.runtime.listener.filter.protocoldetection;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.starling.config.Extension;
import dev.starling.config.listener.ConnectionPredicate;
import dev.starling.config.listener.ListenerFilterChain;
import dev.starling.config.listener.filter.ProtocolDetection;
import dev.starling.config.tcp.DirectResponse;
import dev.starling.config.tcp.Echo;
import dev.starling.runtime.listener.ProxyFixture;
import dev.starling.runtime.network.directresponse.DirectResponseFactory;
import dev.starling.runtime.network.echo.EchoFactory;
import dev.starling.runtime.time.HeldClock;
import dev.starling.runtime.tls.hello.Hello;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
class ProtocolDetectionIT {

    private static final Duration SILENCE = Duration.ofMillis(40);
    private static final Duration PATIENCE = Duration.ofMillis(400);
    private static final Map<String, byte[]> SAID = Map.of(
            "tls", new Hello().serverName("a").record(),
            "GET", "GET / HTTP/1.1\r\n".getBytes(ISO_8859_1),
            "old", "GET / HTTP/1.0\r\n".getBytes(ISO_8859_1),
            "preface", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(ISO_8859_1),
            "ssh", "SSH-2.0-x\r\n".getBytes(ISO_8859_1),
            "zeros", new byte[20],
            "byte", new byte[] {1});

    @ParameterizedTest
    @CsvSource({"tls, tls", "GET, http1", "old, http1", "preface, http2", "ssh, opaque", "zeros, opaque", "byte, opaque"
    })
    void tellsProtocolsApartAtAnySplit(String said, String counter) throws IOException {
        byte[] bytes = Objects.requireNonNull(SAID.get(said));
        try (var proxy = ProxyFixture.start()) {
            var address = proxy.listen(detection(), context -> new EchoFactory().create(new Echo(), context));
            for (int i = 1; i <= bytes.length; i++) {
                try (Socket client = connect(address)) {
                    client.getOutputStream().write(bytes, 0, i);
                    client.getOutputStream().write(bytes, i, bytes.length - i);
                    assertThat(client.getInputStream().readNBytes(bytes.length)).isEqualTo(bytes);
                }
            }

            assertThat(proxy.counter("protocol_detection." + counter)).isEqualTo(bytes.length);
        }
    }

    @ParameterizedTest
    @CsvSource({"tls, tls", "GET, http1", "old, http1", "preface, http2", "ssh, opaque", "zeros, opaque"})
    void tellsProtocolsApartByteByByte(String said, String counter) throws IOException {
        byte[] bytes = Objects.requireNonNull(SAID.get(said));
        try (var proxy = ProxyFixture.start()) {
            var address = proxy.listen(detection(), context -> new EchoFactory().create(new Echo(), context));
            try (Socket client = connect(address)) {
                client.setTcpNoDelay(true);
                for (byte one : bytes) {
                    client.getOutputStream().write(one);
                }
                assertThat(client.getInputStream().readNBytes(bytes.length)).isEqualTo(bytes);
            }

            assertThat(proxy.counter("protocol_detection." + counter)).isEqualTo(1);
        }
    }

    /** With a reset, as what it said has gone to nobody. */
    @Test
    void closesForAClientThatEndsBeforeItCanBeTold() throws IOException {
        try (var proxy = ProxyFixture.start()) {
            var address = proxy.listen(detection(), context -> new EchoFactory().create(new Echo(), context));
            try (Socket client = connect(address)) {
                client.getOutputStream().write(new byte[] {'G', 'E'});
                client.shutdownOutput();
                assertThatThrownBy(() -> client.getInputStream().readAllBytes()).isInstanceOf(SocketException.class);
            }
            assertThat(proxy.counter("listener.fixture-0.downstream_listener_filter_remote_close"))
                    .isEqualTo(1);
        }
    }

    @Test
    void waitsOnceForAClientWhoseServerSpeaksFirst() throws IOException {
        HeldClock clock = new HeldClock();
        try (var proxy = ProxyFixture.start(1, clock.clock())) {
            var address = greeting(proxy);
            try (Socket first = connect(address)) {
                proxy.eventually("it waits", () -> proxy.gauge("listener.fixture-0.downstream_pre_cx_active") == 1);
                clock.advance(SILENCE.multipliedBy(2));
                assertThat(first.getInputStream().readAllBytes()).asString().isEqualTo("hello");
            }
            try (Socket second = connect(address)) { // while the clock stands still
                assertThat(second.getInputStream().readAllBytes()).asString().isEqualTo("hello");
            }
            assertThat(proxy.counter("protocol_detection.silent")).isEqualTo(1);
            assertThat(proxy.counter("protocol_detection.remembered")).isEqualTo(1);
            assertThat(proxy.counter("listener.fixture-0.downstream_pre_cx_timeout"))
                    .isZero();
        }
    }

    /** A browser opens connections that it uses later: no reason to think that its server speaks first. */
    @Test
    void remembersNoClientThatWasOnlySlow() throws IOException {
        HeldClock clock = new HeldClock();
        try (var proxy = ProxyFixture.start(1, clock.clock())) {
            var address = proxy.listen(detection(), context -> new EchoFactory().create(new Echo(), context));
            try (Socket slow = connect(address)) {
                proxy.eventually("it waits", () -> proxy.gauge("listener.fixture-0.downstream_pre_cx_active") == 1);
                clock.advance(SILENCE.multipliedBy(2));
                proxy.eventually("served", () -> proxy.counter("listener.fixture-0.downstream_cx_total") == 1);
                slow.getOutputStream().write(Objects.requireNonNull(SAID.get("GET")));
                assertThat(slow.getInputStream().read()).isEqualTo('G');
            }
            try (Socket next = connect(address)) {
                next.getOutputStream().write(Objects.requireNonNull(SAID.get("GET")));
                assertThat(next.getInputStream().read()).isEqualTo('G');
            }
            assertThat(proxy.counter("protocol_detection.remembered")).isZero();
            assertThat(proxy.counter("protocol_detection.http1")).isEqualTo(1);
        }
    }

    @Test
    void isPatientWithAClientThatHasBegun() throws IOException {
        HeldClock clock = new HeldClock();
        try (var proxy = ProxyFixture.start(1, clock.clock())) {
            var address = proxy.listen(detection(), context -> new EchoFactory().create(new Echo(), context));
            try (Socket client = connect(address)) {
                client.getOutputStream().write('G');
                proxy.eventually("time is up", () -> {
                    clock.advance(Duration.ofMillis(1)); // with the time it takes the byte to come
                    return proxy.counter("protocol_detection.timeout") == 1;
                });
                assertThat(client.getInputStream().read()).isEqualTo('G');
            }
            assertThat(proxy.counter("protocol_detection.silent")).isZero();
        }
    }

    @Test
    void forgetsTheServerLongestUnused() {
        TalkativeServers servers = new TalkativeServers(100, 2);
        var one = new InetSocketAddress("10.0.0.1", 1);
        var two = new InetSocketAddress("10.0.0.1", 2);
        var three = new InetSocketAddress("10.0.0.1", 3);
        servers.add(one, 0);
        servers.add(two, 0);

        assertThat(servers.contains(one, 50)).isTrue();
        servers.add(three, 50);

        assertThat(servers.contains(two, 50)).isFalse();
        assertThat(servers.contains(one, 100)).isFalse();
        assertThat(servers.contains(three, 100)).isTrue();
        servers.remove(three);
        assertThat(servers.contains(three, 100)).isFalse();
    }

    private static InetSocketAddress greeting(ProxyFixture proxy) {
        return proxy.listen(
                detection(),
                context ->
                        new DirectResponseFactory().create(new DirectResponse("hello".getBytes(ISO_8859_1)), context));
    }

    private static ListenerFilterChain detection() {
        Extension filter = new Extension(
                "f",
                "starling.listener_filters.ProtocolDetection",
                new ProtocolDetection(PATIENCE, SILENCE, Duration.ofMinutes(1), 10));
        return new ListenerFilterChain(
                List.of(new ListenerFilterChain.Entry(filter, ConnectionPredicate.None.NONE)),
                Duration.ofSeconds(15),
                false);
    }

    private static Socket connect(InetSocketAddress address) throws IOException {
        Socket client = new Socket();
        client.setTcpNoDelay(true);
        client.setSoTimeout((int) ProxyFixture.PATIENCE.toMillis());
        client.connect(address);
        return client;
    }
}
