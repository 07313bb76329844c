package dev.starling.runtime;

import dev.starling.config.bootstrap.Node;
import dev.starling.runtime.cluster.ClusterTable;
import dev.starling.runtime.layered.RuntimeSnapshot;
import dev.starling.runtime.listener.ListenerTable;
import dev.starling.runtime.stats.StatsStore;
import dev.starling.runtime.tls.TlsHolders;
import dev.starling.xds.resource.HeldResources;
import java.time.Instant;
import java.util.function.Supplier;

/**
 * What a server has published of itself: all of it can be read from any thread at any time, whatever its actors are doing.
 *
 * @param held of control planes
 * @param startedAt when the server was made
 */
public record ServerViews(
        Node node,
        ServerState state,
        ClusterTable clusters,
        ListenerTable listeners,
        Supplier<RuntimeSnapshot> runtime,
        StatsStore stats,
        HeldResources held,
        TlsHolders tls,
        ServerOptions options,
        Instant startedAt) {}
