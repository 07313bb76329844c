package dev.starling.runtime.control.listener;

import dev.starling.config.Address;
import dev.starling.config.DiscoveredExtension;
import dev.starling.config.listener.FilterChain;
import dev.starling.config.listener.Listener;
import dev.starling.config.listener.ListenerFilterChain;
import dev.starling.runtime.control.extension.ExtensionBook;
import dev.starling.runtime.listener.Binding;
import dev.starling.runtime.listener.ListeningSocket;
import dev.starling.runtime.network.FilterConfigs;
import dev.starling.runtime.stats.StatsScope;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * What the next version of a listener needs: taken over from the version in service where it stays the same, made anew
 * elsewhere, to be used whole or given up whole.
 */
final class WarmUp {

    private final Listener listener;
    private final ListenerPorts ports;
    private final boolean inPlace;
    private final ExtensionBook.Lease filterConfigs;
    private final IdentityHashMap<FilterChain, CompletableFuture<ServedChain>> chains = new IdentityHashMap<>();
    private final Map<Address, CompletableFuture<ListeningSocket>> sockets = new LinkedHashMap<>();
    private final List<CompletableFuture<ServedChain>> newChains = new ArrayList<>();
    private final List<CompletableFuture<ListeningSocket>> newSockets = new ArrayList<>();

    /**
     * Begins.
     *
     * @param inPlace only filter chains differ from the version in service: those that do not stay with their connections
     * @param chainsInService of the version before, none if this is the first
     * @param socketsInService of the version before
     * @param scope {@code listener.<address>.}
     */
    WarmUp(
            Listener listener,
            boolean inPlace,
            List<ServedChain> chainsInService,
            Map<Address, ListeningSocket> socketsInService,
            StatsScope scope,
            ListenerPorts ports) {
        this.listener = listener;
        this.inPlace = inPlace;
        this.ports = ports;
        this.filterConfigs = ports.extensions().lease();
        for (ListenerFilterChain.Entry entry : listener.listenerFilters().filters()) {
            if (entry.filter().config() instanceof DiscoveredExtension wanted) {
                filterConfigs.follow(FilterConfigs.Kind.LISTENER, entry.filter().name(), wanted, _ -> {});
            }
        }
        List<FilterChain> configs = new ArrayList<>(listener.filterChains());
        listener.defaultFilterChain().ifPresent(configs::add);
        for (FilterChain config : configs) {
            chains.put(config, chain(config, chainsInService, scope));
        }
        if (listener.bindToPort()) {
            for (Address address : listener.addresses()) {
                sockets.put(address, socket(address, socketsInService));
            }
        }
    }

    private CompletableFuture<ServedChain> chain(FilterChain config, List<ServedChain> inService, StatsScope scope) {
        if (inPlace) {
            for (ServedChain chain : inService) {
                if (chain.serves(config)) {
                    return CompletableFuture.completedFuture(chain);
                }
            }
        }
        CompletableFuture<ServedChain> started = ServedChain.start(listener, config, scope, ports);
        newChains.add(started);
        return started;
    }

    private CompletableFuture<ListeningSocket> socket(Address address, Map<Address, ListeningSocket> inService) {
        ListeningSocket known = inService.get(address);
        if (known != null) {
            return CompletableFuture.completedFuture(known);
        }
        CompletableFuture<ListeningSocket> bound =
                ports.sockets().bind(Binding.of(listener, address)).toCompletableFuture();
        newSockets.add(bound);
        return bound;
    }

    boolean inPlace() {
        return inPlace;
    }

    /** Complete when everything is there; failed if something cannot be had. */
    CompletionStage<Void> ready() {
        List<CompletableFuture<?>> all = new ArrayList<>(chains.values());
        all.addAll(sockets.values());
        all.add(filterConfigs.ready().toCompletableFuture());
        return CompletableFuture.allOf(all.toArray(CompletableFuture[]::new))
                .thenCompose(_ -> CompletableFuture.allOf(chains.values().stream()
                        .map(chain -> chain.resultNow().ready().toCompletableFuture())
                        .toArray(CompletableFuture[]::new)));
    }

    /** What listener filters are configured with; to be ended by whoever takes the version over. */
    ExtensionBook.Lease filterConfigs() {
        return filterConfigs;
    }

    /** By identity of the configuration; only when ready. */
    IdentityHashMap<FilterChain, ServedChain> chains() {
        IdentityHashMap<FilterChain, ServedChain> served = new IdentityHashMap<>();
        chains.forEach((config, chain) -> served.put(config, chain.resultNow()));
        return served;
    }

    /** In the order of the configuration; only when ready. */
    Map<Address, ListeningSocket> sockets() {
        Map<Address, ListeningSocket> bound = new LinkedHashMap<>();
        sockets.forEach((address, socket) -> bound.put(address, socket.resultNow()));
        return bound;
    }

    /** Lets go of what was made for it, and of what still comes. */
    void giveUp() {
        filterConfigs.end();
        for (CompletableFuture<ServedChain> chain : newChains) {
            chain.thenAccept(ServedChain::giveUp);
        }
        for (CompletableFuture<ListeningSocket> socket : newSockets) {
            socket.thenAccept(ports.sockets()::close);
        }
    }
}
