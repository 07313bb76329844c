package dev.starling.runtime.tls;

import dev.starling.config.Metadata;
import dev.starling.config.tls.UpstreamSocket;
import dev.starling.config.tls.UpstreamSockets;
import dev.starling.config.tls.UpstreamTls;
import dev.starling.runtime.stats.StatsScope;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The transport sockets of one version of a cluster, ready for connections to its endpoints. Any thread. */
public final class EndpointSockets {

    /** All endpoints are spoken to in clear. */
    public static final EndpointSockets RAW = new EndpointSockets(UpstreamSockets.RAW, null);

    /** Where endpoints say which of the cluster's sockets is theirs. */
    private static final String MATCH_NAMESPACE = "envoy.transport_socket_match";

    private final UpstreamSockets config;
    private final @Nullable TlsStats stats;
    private final IdentityHashMap<UpstreamSocket, TlsHolder> holders = new IdentityHashMap<>();

    private EndpointSockets(UpstreamSockets config, @Nullable TlsStats stats) {
        this.config = config;
        this.stats = stats;
    }

    /** @param scope {@code cluster.<name>.} */
    public static EndpointSockets of(String cluster, UpstreamSockets config, StatsScope scope, TlsHolders all) {
        if (config.matches().isEmpty() && config.standard() instanceof UpstreamSocket.Raw) {
            return RAW;
        }
        EndpointSockets sockets = new EndpointSockets(config, new TlsStats(scope));
        sockets.hold(cluster, config.standard(), all);
        config.matches().forEach(match -> sockets.hold(cluster, match.socket(), all));
        return sockets;
    }

    private void hold(String cluster, UpstreamSocket socket, TlsHolders all) {
        if (socket instanceof UpstreamTls tls) {
            holders.computeIfAbsent(socket, _ -> all.client("cluster " + cluster, tls));
        }
    }

    /** Null for an endpoint that is spoken to in clear. */
    public @Nullable EndpointTls of(Metadata metadata, String hostname) {
        if (stats == null) {
            return null;
        }
        UpstreamSocket socket = config.of(metadata.filterMetadata().getOrDefault(MATCH_NAMESPACE, Map.of()));
        TlsHolder holder = holders.get(socket);
        if (holder == null || !(socket instanceof UpstreamTls tls)) {
            return null;
        }
        String name = tls.autoHostSni() && !hostname.isEmpty() ? hostname : tls.sni();
        return new EndpointTls(holder, new PeerNames(name, ""), List.of(), stats);
    }

    /** The version is no longer used: there will be no new connections. */
    public void close() {
        holders.values().forEach(TlsHolder::close);
    }
}
