package dev.starling.runtime.network;

import static org.assertj.core.api.Assertions.assertThat;

import dev.starling.config.DiscoveredExtension;
import dev.starling.config.Extension;
import dev.starling.config.RuntimeFlag;
import dev.starling.config.discovery.ConfigSource;
import dev.starling.config.listener.FilterChain;
import dev.starling.config.listener.FilterChainMatch;
import dev.starling.config.tcp.ConnectionLimit;
import dev.starling.config.tcp.Echo;
import dev.starling.config.tls.DownstreamSocket;
import dev.starling.runtime.listener.ProxyFixture;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What becomes of connections, and of what their filters have taken, while configurations come and go. */
@Timeout(60)
class DiscoveredFiltersIT {

    private static final String ECHO = "envoy.extensions.filters.network.echo.v3.Echo";
    private static final String LIMIT = "envoy.extensions.filters.network.connection_limit.v3.ConnectionLimit";
    private static final DiscoveredExtension WANTED = new DiscoveredExtension(
            new ConfigSource.Ads(Duration.ZERO), Optional.empty(), false, Set.of(ECHO, LIMIT), Map.of());

    private final Map<String, Consumer<Optional<Extension>>> followers = new HashMap<>();
    private final List<Runnable> chainEnds = new ArrayList<>();
    private final AtomicInteger lent = new AtomicInteger();

    /** A gate and an echo, both discovered. */
    private NetworkFilter filter(FilterChainContext context) {
        FilterChain chain = new FilterChain(
                "",
                FilterChainMatch.ANY,
                List.of(new Extension("gate", "", WANTED), new Extension("last", "", WANTED)),
                DownstreamSocket.Raw.RAW,
                Duration.ZERO,
                0);
        var discovering = new FilterChainContext(
                context.proxy().with(context.proxy().routes(), (_, name, _, use) -> followers.put(name, use)),
                context.listenerName(),
                context.filterChainName(),
                context.listenerScope(),
                context.bufferLimit(),
                chainEnds::add,
                atEnd -> {
                    lent.incrementAndGet();
                    atEnd.accept(lent::decrementAndGet);
                    return context.proxy();
                });
        return Objects.requireNonNull(
                NetworkFilters.create(chain, context.proxy().extensions(), discovering));
    }

    /** Waits until the loop has turned to it: a connection that it takes before is closed. */
    private void setEcho(ProxyFixture proxy) {
        set("last", new Extension("last", ECHO, new Echo()));
        ProxyFixture.on(proxy.loop(), () -> true);
    }

    private void set(String name, Extension config) {
        tell(name, Optional.of(config));
    }

    private void tell(String name, Optional<Extension> config) {
        Objects.requireNonNull(followers.get(name)).accept(config);
    }

    private static Extension limit(int connections) {
        return new Extension("gate", LIMIT, new ConnectionLimit("l", connections, Duration.ZERO, RuntimeFlag.of(true)));
    }

    @Test
    void closesConnectionsUntilAllAreConfiguredAndAgainWhenOneIsNot() throws IOException {
        try (var proxy = ProxyFixture.start()) {
            var address = proxy.listen(this::filter);
            assertCloses(address);
            setEcho(proxy);
            assertCloses(address);
            set("gate", limit(1));
            assertEchoes(address);

            tell("gate", Optional.empty());

            assertCloses(address);
            assertThat(proxy.counter("listener.fixture-0.network_extension_config_missing"))
                    .isEqualTo(3);
            proxy.eventually("none is open", () -> proxy.gauge("listener.fixture-0.downstream_cx_active") == 0);
        }
    }

    @Test
    void aConnectionKeepsWhatItBeganWithAndTheLastOneGivesItBack() throws IOException {
        try (var proxy = ProxyFixture.start()) {
            var address = proxy.listen(this::filter);
            set("gate", limit(1));
            setEcho(proxy);
            try (Socket first = connect(address)) {
                assertEchoes(first);
                setEcho(proxy);
                set("gate", limit(1));
                assertThat(lent).hasValue(4);

                assertEchoes(first);
                try (Socket second = connect(address)) { // the new gate has let nobody in yet
                    assertEchoes(second);
                    assertCloses(address);
                    proxy.eventually(
                            "both are counted",
                            () -> proxy.lane(0, proxy.loop()).connections() == 2);
                }
            }
            proxy.eventually("those before have gone", () -> lent.get() == 2);

            chainEnds.forEach(Runnable::run);
            proxy.eventually("all have gone", () -> lent.get() == 0);
        }
    }

    @Test
    void connectionsOfAnEarlierConfigurationAreClosedWithTheOthers() throws Exception {
        try (var proxy = ProxyFixture.start()) {
            var address = proxy.listen(this::filter);
            set("gate", limit(2));
            setEcho(proxy);
            try (Socket first = connect(address)) {
                assertEchoes(first);
                setEcho(proxy);
                try (Socket second = connect(address)) {
                    assertEchoes(second);

                    ProxyFixture.on(proxy.loop(), () -> {
                        proxy.lane(0, proxy.loop()).closeAll();
                        return true;
                    });

                    assertThat(first.getInputStream().read()).isNegative();
                    assertThat(second.getInputStream().read()).isNegative();
                }
            }
            proxy.eventually("none is left", () -> proxy.lane(0, proxy.loop()).connections() == 0);
        }
    }

    private static void assertCloses(InetSocketAddress address) throws IOException {
        try (Socket client = connect(address)) {
            assertThat(client.getInputStream().read()).isNegative();
        }
    }

    private static void assertEchoes(InetSocketAddress address) throws IOException {
        try (Socket client = connect(address)) {
            assertEchoes(client);
        }
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
