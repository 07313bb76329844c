package dev.starling.runtime.control.listener;

import dev.starling.config.listener.FilterChain;
import dev.starling.config.listener.Listener;
import dev.starling.runtime.accesslog.AccessLogger;
import dev.starling.runtime.control.route.RouteBook;
import dev.starling.runtime.listener.ActiveFilterChain;
import dev.starling.runtime.network.FilterChainContext;
import dev.starling.runtime.network.NetworkFilter;
import dev.starling.runtime.network.NetworkFilters;
import dev.starling.runtime.stats.StatsScope;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * A filter chain in service and what it has to give back when it ends.
 *
 * @param atEnd route tables, statistics, log files
 */
record ServedChain(ActiveFilterChain chain, List<Runnable> atEnd) {

    /**
     * Builds the chain's filters and starts them on all loops.
     *
     * @param scope {@code listener.<address>.}
     * @return failed if a filter could not be built: its log file cannot be opened, or validation has overlooked something
     */
    static CompletableFuture<ServedChain> start(
            Listener listener, FilterChain config, StatsScope scope, ListenerPorts ports) {
        List<Runnable> atEnd = new ArrayList<>();
        RouteBook.Lease routes = ports.routes().lease();
        atEnd.add(routes::end);
        List<AccessLogger> accessLogs;
        NetworkFilter filter;
        try {
            accessLogs = ports.proxy().accessLogging().loggers(listener.accessLogs());
            atEnd.add(() -> accessLogs.forEach(AccessLogger::close));
            filter = NetworkFilters.create(
                    config,
                    ports.proxy().extensions(),
                    new FilterChainContext(
                            ports.proxy().withRoutes(routes),
                            listener.name(),
                            config.name(),
                            scope,
                            listener.perConnectionBufferLimit().clampedToInt(),
                            atEnd::add));
        } catch (RuntimeException fault) {
            atEnd.forEach(Runnable::run);
            return CompletableFuture.failedFuture(fault);
        }
        return ActiveFilterChain.start(config, filter, accessLogs, ports.proxy().loops())
                .thenApply(chain -> new ServedChain(chain, atEnd))
                .whenComplete((_, failure) -> {
                    if (failure != null) {
                        atEnd.forEach(Runnable::run);
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

    /** Its last connection has closed. */
    void ended() {
        atEnd.forEach(Runnable::run);
    }

    /** It has not served and never will. */
    void giveUp() {
        chain.retire().thenRun(this::ended);
    }
}
