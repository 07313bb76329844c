package dev.starling.runtime;

import dev.starling.config.bootstrap.Node;
import dev.starling.runtime.cluster.ClusterTable;
import dev.starling.runtime.listener.ListenerTable;
import dev.starling.runtime.stats.StatsStore;
import dev.starling.runtime.tls.TlsHolders;
import java.time.Instant;

/**
 * What a server has published of itself: all of it can be read from any thread at any time, whatever its actors are doing.
 *
 * @param startedAt when the server was made
 */
public record ServerViews(
        Node node,
        ServerState state,
        ClusterTable clusters,
        ListenerTable listeners,
        StatsStore stats,
        TlsHolders tls,
        ServerOptions options,
        Instant startedAt) {}
