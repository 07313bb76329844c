package dev.starling.runtime.control.listener;

import dev.starling.config.listener.FilterChain;
import dev.starling.config.listener.Listener;
import dev.starling.runtime.control.route.RouteBook;
import dev.starling.runtime.listener.ActiveFilterChain;
import dev.starling.runtime.network.FilterChainContext;
import dev.starling.runtime.network.NetworkFilter;
import dev.starling.runtime.network.NetworkFilters;
import dev.starling.runtime.stats.StatsScope;
import java.util.concurrent.CompletableFuture;

/** A filter chain in service and the route tables it has on loan. */
record ServedChain(ActiveFilterChain chain, RouteBook.Lease routes) {

    /**
     * Builds the chain's filters and starts them on all loops.
     *
     * @param scope {@code listener.<address>.}
     * @return failed if a filter could not be built, which validation should have ruled out
     */
    static CompletableFuture<ServedChain> start(
            Listener listener, FilterChain config, StatsScope scope, ListenerPorts ports) {
        RouteBook.Lease routes = ports.routes().lease();
        NetworkFilter filter;
        try {
            filter = NetworkFilters.create(
                    config,
                    ports.proxy().extensions(),
                    new FilterChainContext(
                            ports.proxy().withRoutes(routes),
                            listener.name(),
                            config.name(),
                            scope,
                            listener.perConnectionBufferLimit().clampedToInt()));
        } catch (RuntimeException fault) {
            routes.end();
            return CompletableFuture.failedFuture(fault);
        }
        return ActiveFilterChain.start(config, filter, ports.proxy().loops())
                .thenApply(chain -> new ServedChain(chain, routes))
                .whenComplete((_, failure) -> {
                    if (failure != null) {
                        routes.end();
                    }
                })
                .toCompletableFuture();
    }

    /** Whether the next version's chain is this one, whose connections may then stay. */
    boolean serves(FilterChain next) {
        FilterChain mine = chain.config();
        return mine.contentHash() == next.contentHash()
                && mine.name().equals(next.name())
                && mine.match().equals(next.match());
    }

    /** Closes what is left of its connections. */
    void end() {
        chain.close();
        routes.end();
    }
}
