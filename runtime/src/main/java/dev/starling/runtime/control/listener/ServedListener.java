package dev.starling.runtime.control.listener;

import dev.starling.config.Address;
import dev.starling.config.listener.FilterChain;
import dev.starling.config.listener.Listener;
import dev.starling.runtime.control.extension.ExtensionBook;
import dev.starling.runtime.control.listener.ListenerActor.Update;
import dev.starling.runtime.listener.ActiveFilterChain;
import dev.starling.runtime.listener.ActiveListener;
import dev.starling.runtime.listener.ListenerView;
import dev.starling.runtime.listener.ListeningSocket;
import dev.starling.runtime.listener.filter.ListenerFilters;
import dev.starling.runtime.listener.filter.UnservedLog;
import java.net.SocketAddress;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/**
 * A version of a listener that is whole: its filter chains run and its sockets are bound.
 *
 * @param chains by identity of their configuration
 * @param sockets in the order of the configuration; none once it accepts no more
 * @param localAddresses with real ports
 * @param filterConfigs what its listener filters are configured with
 */
record ServedListener(
        int version,
        Update update,
        Map<FilterChain, ServedChain> chains,
        Map<Address, ListeningSocket> sockets,
        List<SocketAddress> localAddresses,
        ExtensionBook.Lease filterConfigs) {

    /**
     * What a version had and nothing has taken over.
     *
     * @param wholeListener whether its connections end because the listener does, not only their filter chain
     */
    record Leftover(List<ListeningSocket> sockets, List<ServedChain> chains, boolean wholeListener) {

        /** A listener that was changed in place and keeps its chains leaves nothing behind. */
        boolean drains() {
            return wholeListener || !chains.isEmpty();
        }
    }

    Listener config() {
        return update.config();
    }

    boolean differsInFilterChainsOnly(Listener other) {
        return config().hashWithoutFilterChains() == other.hashWithoutFilterChains();
    }

    /** From the next accept on, connections are served by this version. */
    void serve(ListenerFilters filters, UnservedLog unserved, ActiveListener.Shared shared) {
        IdentityHashMap<FilterChain, ActiveFilterChain> active = new IdentityHashMap<>();
        chains.forEach((config, chain) -> active.put(config, chain.chain()));
        ActiveListener listener = new ActiveListener(config(), filters, unserved, active, shared);
        sockets.values().forEach(socket -> socket.serve(listener));
        shared.directory().publish(localAddresses, listener);
    }

    /** The same version when it accepts no more. */
    ServedListener withoutSockets() {
        return new ServedListener(version, update, chains, Map.of(), localAddresses, filterConfigs);
    }

    Leftover leftBy(ServedListener next) {
        return new Leftover(
                sockets.entrySet().stream()
                        .filter(socket -> next.sockets.get(socket.getKey()) != socket.getValue())
                        .map(Map.Entry::getValue)
                        .toList(),
                chains.values().stream()
                        .filter(chain -> !next.chains.containsValue(chain))
                        .toList(),
                !differsInFilterChainsOnly(next.config()));
    }

    /** What is left when no version comes after it. */
    Leftover everything() {
        return new Leftover(List.copyOf(sockets.values()), List.copyOf(chains.values()), true);
    }

    ListenerView view() {
        return new ListenerView(config(), localAddresses, update.addedViaApi());
    }

    /** For inspection: where it accepts, with real ports. */
    List<String> accepting() {
        return sockets.values().stream()
                .map(socket -> String.valueOf(socket.localAddress()))
                .toList();
    }
}
