package dev.starling.runtime.control.listener;

import dev.starling.config.listener.FilterChain;
import dev.starling.config.listener.Listener;
import dev.starling.config.tls.DownstreamSocket;
import dev.starling.config.tls.DownstreamTls;
import dev.starling.config.tls.QuicDownstream;
import dev.starling.config.tls.TlsProblem;
import dev.starling.runtime.ProxyContext;
import dev.starling.runtime.accesslog.AccessLogger;
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
 * @param ready complete when its routes, its secrets and what its filters are configured with are known
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
        ChainLeases leases = new ChainLeases(ports);
        ProxyContext proxy = leases.lend(atEnd::add);
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
                            proxy,
                            listener.name(),
                            config.name(),
                            scope,
                            listener.perConnectionBufferLimit().clampedToInt(),
                            atEnd::add,
                            leases));
        } catch (RuntimeException | TlsProblem fault) {
            atEnd.forEach(Runnable::run);
            return CompletableFuture.failedFuture(fault);
        }
        CompletableFuture<Void> secrets = tls == null
                ? CompletableFuture.completedFuture(null)
                : tls.holder().ready().toCompletableFuture();
        CompletionStage<Void> ready = CompletableFuture.allOf(leases.ready().toCompletableFuture(), secrets);
        return ActiveFilterChain.start(
                        config, filter, accessLogs, tls, ports.proxy().loops())
                .thenApply(chain -> new ServedChain(chain, ready, atEnd))
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
                TlsStats stats = stats(scope, atEnd);
                yield new ChainTls(
                        holder(config, secured, stats, ports, atEnd),
                        stats,
                        config.transportSocketConnectTimeout().toNanos());
            }
            case QuicDownstream inside -> {
                TlsStats stats = stats(scope, atEnd);
                TlsHolder holder = holder(config, inside.tls(), stats, ports, atEnd);
                yield new ChainTls(holder, stats, 0, ports.proxy().tls().quic(holder, inside.tls(), stats));
            }
        };
    }

    private static TlsStats stats(StatsScope scope, List<Runnable> atEnd) {
        TlsStats stats = TlsStats.server(scope);
        atEnd.add(stats::remove);
        return stats;
    }

    private static TlsHolder holder(
            FilterChain config, DownstreamTls secured, TlsStats stats, ListenerPorts ports, List<Runnable> atEnd)
            throws TlsProblem {
        TlsHolder holder = ports.proxy()
                .tls()
                .server(
                        "filter chain " + config.name(),
                        secured,
                        ports.resources().secrets(),
                        stats);
        atEnd.add(holder::close);
        return holder;
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
