package dev.starling.runtime;

import dev.starling.config.bootstrap.Node;
import dev.starling.config.proto.ExtensionRegistry;
import dev.starling.runtime.accesslog.AccessLogging;
import dev.starling.runtime.cluster.ClusterRequests;
import dev.starling.runtime.cluster.ClusterTable;
import dev.starling.runtime.layered.RuntimeSnapshot;
import dev.starling.runtime.loop.Loop;
import dev.starling.runtime.loop.Loops;
import dev.starling.runtime.network.FilterConfigs;
import dev.starling.runtime.route.RouteTables;
import dev.starling.runtime.stats.StatsStore;
import dev.starling.runtime.time.Clock;
import dev.starling.runtime.tls.TlsHolders;
import dev.starling.runtime.upstream.LoopClusters;
import dev.starling.xds.relay.Relay;
import java.util.List;
import java.util.function.Supplier;
import org.apache.pekko.actor.ActorSystem;

/**
 * What all parts of one proxy share; nothing of it is static, so that two proxies can live in one JVM.
 *
 * @param loopClusters by loop index
 * @param clusterRequests asks for clusters that are not there
 * @param runtime what the layered runtime says now
 * @param relay serves on what control planes have sent
 */
public record ProxyContext(
        Node node,
        ActorSystem system,
        Loops loops,
        List<LoopClusters> loopClusters,
        ClusterTable clusters,
        ClusterRequests clusterRequests,
        Supplier<RuntimeSnapshot> runtime,
        RouteTables routes,
        FilterConfigs filterConfigs,
        StatsStore stats,
        AccessLogging accessLogging,
        ExtensionRegistry extensions,
        ServerState state,
        TlsHolders tls,
        Relay relay,
        Clock clock) {

    public LoopClusters clustersOf(Loop loop) {
        return loopClusters.get(loop.index());
    }

    /** The same, but with the route tables and filter configurations of one filter chain. */
    public ProxyContext with(RouteTables newRoutes, FilterConfigs newFilterConfigs) {
        return new ProxyContext(
                node,
                system,
                loops,
                loopClusters,
                clusters,
                clusterRequests,
                runtime,
                newRoutes,
                newFilterConfigs,
                stats,
                accessLogging,
                extensions,
                state,
                tls,
                relay,
                clock);
    }
}
