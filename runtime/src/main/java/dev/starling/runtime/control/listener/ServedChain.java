package dev.starling.runtime.control.listener;

import dev.starling.config.listener.FilterChain;
import dev.starling.config.listener.Listener;
import dev.starling.config.tls.DownstreamSocket;
import dev.starling.config.tls.DownstreamTls;
import dev.starling.config.tls.QuicDownstream;
import dev.starling.config.tls.TlsProblem;
import dev.starling.runtime.accesslog.AccessLogger;
import dev.starling.runtime.control.extension.ExtensionBook;
import dev.starling.runtime.control.route.RouteBook;
import dev.starling.runtime.listener.ActiveFilterChain;
import dev.starling.runtime.listener.ChainTls;
import dev.starling.runtime.network.FilterChainContext;
import dev.starling.runtime.network.NetworkFilter;
import dev.starling.runtime.network.NetworkFilters;
import dev.starling.runtime.stats.StatsScope;
import dev.starling.runtime.tls.TlsHolder;
import dev.starling.runtime.tls.TlsStats;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * A filter chain in service and what it has to give back when it ends.
 *
 * @param ready complete when its routes and what its filters are configured with are known
 * @param atEnd route tables, statistics, log files
 */
record ServedChain(ActiveFilterChain chain, CompletionStage<Void> ready, List<Runnable> atEnd) {

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
        ExtensionBook.Lease extensions = ports.extensions().lease();
        atEnd.add(extensions::end);
        List<AccessLogger> accessLogs;
        NetworkFilter filter;
        ChainTls tls;
        try {
            tls = tls(config, scope, ports, atEnd);
            accessLogs = ports.proxy().accessLogging().loggers(listener.accessLogs());
            atEnd.add(() -> accessLogs.forEach(AccessLogger::close));
            filter = NetworkFilters.create(
                    config,
                    ports.proxy().extensions(),
                    new FilterChainContext(
                            ports.proxy().with(routes, extensions),
                            listener.name(),
                            config.name(),
                            scope,
                            listener.perConnectionBufferLimit().clampedToInt(),
                            atEnd::add));
        } catch (RuntimeException | TlsProblem fault) {
            atEnd.forEach(Runnable::run);
            return CompletableFuture.failedFuture(fault);
        }
        return ActiveFilterChain.start(
                        config, filter, accessLogs, tls, ports.proxy().loops())
                .thenApply(chain -> new ServedChain(
                        chain,
                        CompletableFuture.allOf(
                                routes.ready().toCompletableFuture(),
                                extensions.ready().toCompletableFuture()),
                        atEnd))
                .whenComplete((_, failure) -> {
                    if (failure != null) {
                        atEnd.forEach(Runnable::run);
                    }
                })
                .toCompletableFuture();
    }

    private static @Nullable ChainTls tls(
            FilterChain config, StatsScope scope, ListenerPorts ports, List<Runnable> atEnd) throws TlsProblem {
        return switch (config.transportSocket()) {
            case DownstreamSocket.Raw _ -> null;
            case DownstreamTls secured -> {
                TlsStats stats = new TlsStats(scope);
                atEnd.add(stats::remove);
                TlsHolder holder = ports.proxy().tls().server("filter chain " + config.name(), secured);
                atEnd.add(holder::close);
                yield new ChainTls(
                        holder, stats, config.transportSocketConnectTimeout().toNanos());
            }
            case QuicDownstream inside -> {
                TlsStats stats = new TlsStats(scope);
                atEnd.add(stats::remove);
                TlsHolder holder = ports.proxy().tls().server("filter chain " + config.name(), inside.tls());
                atEnd.add(holder::close);
                yield new ChainTls(holder, stats, 0, ports.proxy().tls().quic(holder, inside.tls()));
            }
        };
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
