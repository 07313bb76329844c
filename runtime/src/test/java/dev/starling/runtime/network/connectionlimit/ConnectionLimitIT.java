package dev.starling.runtime.network.connectionlimit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.starling.config.Extension;
import dev.starling.config.RuntimeFlag;
import dev.starling.config.listener.FilterChain;
import dev.starling.config.listener.FilterChainMatch;
import dev.starling.config.tcp.ConnectionLimit;
import dev.starling.config.tcp.Echo;
import dev.starling.config.tls.DownstreamSocket;
import dev.starling.runtime.listener.ProxyFixture;
import dev.starling.runtime.network.FilterChainContext;
import dev.starling.runtime.network.NetworkFilter;
import dev.starling.runtime.network.NetworkFilters;
import dev.starling.runtime.time.HeldClock;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ConnectionLimitIT {

    private static final Duration DELAY = Duration.ofMillis(40);

    @Test
    void closesAtOnceWhatIsTooMuchAndLetsTheNextInWhenOneHasLeft() throws IOException {
        try (var proxy = ProxyFixture.start()) {
            var address = proxy.listen(
                    context -> limitedEcho(context, new ConnectionLimit("l", 1, Duration.ZERO, RuntimeFlag.of(true))));
            try (Socket first = connect(address)) {
                assertEchoes(first);
                try (Socket second = connect(address)) {
                    assertThat(second.getInputStream().read()).isNegative();
                }
                assertThat(proxy.counter("connection_limit.l.limited_connections"))
                        .isEqualTo(1);
                assertEchoes(first);
            }
            proxy.eventually("it has left", () -> proxy.gauge("connection_limit.l.active_connections") == 0);
            try (Socket third = connect(address)) {
                assertEchoes(third);
            }
        }
    }

    @Test
    void keepsWhatIsTooMuchForAWhile() throws IOException {
        HeldClock clock = new HeldClock();
        try (var proxy = ProxyFixture.start(1, clock.clock())) {
            var address = proxy.listen(
                    context -> limitedEcho(context, new ConnectionLimit("l", 1, DELAY, RuntimeFlag.of(true))));
            try (Socket first = connect(address);
                    Socket second = connect(address)) {
                assertEchoes(first);
                second.getOutputStream().write('x');
                proxy.eventually("refused", () -> proxy.counter("connection_limit.l.limited_connections") == 1);
                assertThat(proxy.gauge("connection_limit.l.active_connections")).isEqualTo(2);
                assertThat(proxy.lane(0, proxy.loop()).connections()).isEqualTo(2);

                clock.advance(DELAY.multipliedBy(2));

                assertThat(second.getInputStream().read()).isNegative();
                assertEchoes(first);
            }
        }
    }

    @Test
    void isOffWhereTheRuntimeSaysSo() throws IOException {
        try (var proxy = ProxyFixture.start()) {
            var address = proxy.listen(
                    context -> limitedEcho(context, new ConnectionLimit("l", 0, DELAY, RuntimeFlag.of(false))));
            try (Socket client = connect(address)) {
                assertEchoes(client);
            }
            assertThat(proxy.counter("connection_limit.l.limited_connections")).isZero();
        }
    }

    private static NetworkFilter limitedEcho(FilterChainContext context, ConnectionLimit limit) {
        FilterChain chain = new FilterChain(
                "",
                FilterChainMatch.ANY,
                List.of(
                        new Extension(
                                "limit", "envoy.extensions.filters.network.connection_limit.v3.ConnectionLimit", limit),
                        new Extension("echo", "envoy.extensions.filters.network.echo.v3.Echo", new Echo())),
                DownstreamSocket.Raw.RAW,
                Duration.ZERO,
                0);
        return Objects.requireNonNull(
                NetworkFilters.create(chain, context.proxy().extensions(), context));
    }

    private static void assertEchoes(Socket client) throws IOException {
        client.getOutputStream().write('e');
        assertThat(client.getInputStream().read()).isEqualTo('e');
    }

    private static Socket connect(InetSocketAddress address) throws IOException {
        Socket client = new Socket();
        client.setSoTimeout((int) ProxyFixture.PATIENCE.toMillis());
        client.connect(address);
        return client;
    }
}
