package dev.starling.runtime.network.tcpproxy;

import dev.starling.config.tcp.TcpProxy;
import dev.starling.runtime.ProxyContext;
import dev.starling.runtime.accesslog.AccessLogger;
import dev.starling.runtime.accesslog.HeaderView;
import dev.starling.runtime.accesslog.StreamInfo;
import dev.starling.runtime.loop.Loop;
import dev.starling.runtime.network.FilterChainContext;
import dev.starling.runtime.network.LoopFilter;
import dev.starling.runtime.network.NetworkFilter;
import dev.starling.runtime.network.RawLane;
import dev.starling.runtime.stats.StatsScope;
import dev.starling.runtime.upstream.LoopClusters;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The TCP proxy of one filter chain: what its sessions share on all loops. Immutable. */
final class TcpProxyFilter implements NetworkFilter {

    private final TcpProxy config;
    private final ProxyContext proxy;
    private final TcpProxyStats stats;
    private final WeightedClusters clusters;
    private final List<AccessLogger> accessLogs;
    private final @Nullable Tunneling tunneling;
    private final @Nullable OnDemandStats onDemandStats;

    TcpProxyFilter(TcpProxy config, FilterChainContext context, List<AccessLogger> accessLogs) {
        this.config = config;
        this.proxy = context.proxy();
        StatsScope scope = proxy.stats().scope("tcp." + config.statPrefix() + ".");
        context.atEnd().accept(scope::remove);
        this.stats = new TcpProxyStats(scope);
        this.clusters = WeightedClusters.of(config.clusters(), proxy.clusters());
        this.accessLogs = List.copyOf(accessLogs);
        this.tunneling = config.tunneling()
                .map(through -> new Tunneling(through, proxy.accessLogging().formatters()))
                .orElse(null);
        this.onDemandStats = config.onDemand().isPresent() ? OnDemandStats.in(scope) : null;
    }

    @Override
    public LoopFilter onLoop(Loop loop) {
        LoopClusters loopClusters = proxy.clustersOf(loop);
        StringBuilder logScratch = new StringBuilder();
        Tunneling through = tunneling;
        if (through != null) {
            return new RawLane<TunnelingSession>(
                    loop,
                    proxy.system(),
                    "tcp-tunneling",
                    (lane, channel, owner) ->
                            new TunnelingSession(this, through, lane, loopClusters, logScratch, channel, owner));
        }
        return new RawLane<TcpSession>(
                loop,
                proxy.system(),
                "tcp-proxy",
                (lane, channel, owner) -> new TcpSession(this, lane, loopClusters, logScratch, channel, owner));
    }

    TcpProxy config() {
        return config;
    }

    TcpProxyStats stats() {
        return stats;
    }

    WeightedClusters clusters() {
        return clusters;
    }

    /** How a session waits for its cluster; null if none does. */
    @Nullable
    OnDemandCluster onDemand(Loop loop) {
        return onDemandStats == null
                ? null
                : new OnDemandCluster(config.onDemand().orElseThrow(), proxy.clusterRequests(), onDemandStats, loop);
    }

    void log(StreamInfo info, Loop loop, StringBuilder scratch) {
        for (AccessLogger logger : accessLogs) {
            logger.log(info, HeaderView.NONE, HeaderView.NONE, loop, scratch);
        }
    }
}
