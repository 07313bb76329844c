package dev.starling.runtime.control.listener;

import static org.assertj.core.api.Assertions.assertThat;

import dev.starling.config.Address;
import dev.starling.config.listener.FilterChain;
import dev.starling.config.listener.Listener;
import dev.starling.runtime.control.Configs;
import dev.starling.runtime.control.UpdateResult;
import dev.starling.runtime.control.discovery.FakeDiscovery;
import dev.starling.runtime.control.extension.ExtensionBook;
import dev.starling.runtime.control.listener.ListenerActor.Update;
import dev.starling.runtime.listener.ActiveFilterChain;
import dev.starling.runtime.listener.Binding;
import dev.starling.runtime.listener.ListeningSocket;
import dev.starling.runtime.listener.ListeningSockets;
import dev.starling.runtime.listener.ProxyFixture;
import dev.starling.runtime.stats.StatsStore;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestInbox;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ServedListenerTest {

    private final ProxyFixture proxy = ProxyFixture.start();
    private final ListeningSockets sockets =
            new ListeningSockets(proxy.context().loops());
    private final Listener one = listener("v1", "");
    private final Address address = one.addresses().getFirst();

    @AfterEach
    void close() {
        proxy.close();
    }

    private static Listener listener(String version, String settings) {
        String listener = Configs.httpListener("in", 0, Configs.chain("", "up", version)) + settings;
        return Configs.bootstrap(List.of(listener), List.of(Configs.cluster("up", "connect_timeout: 1s")))
                .listeners()
                .getFirst();
    }

    private ServedListener served(Listener config, ServedChain chain, ListeningSocket socket) {
        IdentityHashMap<FilterChain, ServedChain> chains = new IdentityHashMap<>();
        chains.put(config.filterChains().getFirst(), chain);
        Update update =
                new Update(config, true, TestInbox.<UpdateResult>create().getRef());
        return new ServedListener(
                1,
                update,
                chains,
                Map.of(address, socket),
                List.of(socket.localAddress()),
                new ExtensionBook(new FakeDiscovery().resources(), new StatsStore(1)).lease());
    }

    private ServedChain chain(Listener config) throws Exception {
        ActiveFilterChain chain = ActiveFilterChain.start(
                        config.filterChains().getFirst(),
                        null,
                        List.of(),
                        null,
                        proxy.context().loops())
                .toCompletableFuture()
                .get(20, TimeUnit.SECONDS);
        return new ServedChain(chain, CompletableFuture.completedStage(null), List.of());
    }

    private ListeningSocket socket() throws Exception {
        return sockets.bind(Binding.of(one, address)).toCompletableFuture().get(20, TimeUnit.SECONDS);
    }

    @Test
    void leavesOnlyTheChainsThatTheNextHasNotTakenOverWhereNothingElseChanged() throws Exception {
        ListeningSocket socket = socket();
        ServedChain kept = chain(one);
        Listener two = listener("v2", "");
        ServedChain made = chain(two);
        ServedListener first = served(one, kept, socket);

        ServedListener.Leftover nothing = first.leftBy(served(one, kept, socket));
        ServedListener.Leftover chain = first.leftBy(served(two, made, socket));

        assertThat(nothing).isEqualTo(new ServedListener.Leftover(List.of(), List.of(), false));
        assertThat(nothing.drains()).isFalse();
        assertThat(chain).isEqualTo(new ServedListener.Leftover(List.of(), List.of(kept), false));
        assertThat(chain.drains()).isTrue();
    }

    @Test
    void leavesTheWholeListenerWhereMoreChangedThanItsChains() throws Exception {
        ListeningSocket socket = socket();
        ListeningSocket other = socket();
        ServedChain chain = chain(one);
        Listener two = listener("v1", "    per_connection_buffer_limit_bytes: 1\n");
        ServedChain made = chain(two);

        ServedListener.Leftover left = served(one, chain, socket).leftBy(served(two, made, other));

        assertThat(left).isEqualTo(new ServedListener.Leftover(List.of(socket), List.of(chain), true));
    }

    @Test
    void acceptsNowhereWithoutItsSockets() throws Exception {
        ListeningSocket socket = socket();
        ServedListener served = served(one, chain(one), socket);

        assertThat(served.accepting()).containsExactly(socket.localAddress().toString());
        assertThat(served.withoutSockets().accepting()).isEmpty();
        assertThat(served.withoutSockets().everything().sockets()).isEmpty();
        assertThat(served.withoutSockets().view()).isEqualTo(served.view());
    }
}
