package dev.starling.runtime.tls;

import dev.starling.config.Metadata;
import dev.starling.config.tls.UpstreamSocket;
import dev.starling.config.tls.UpstreamSockets;
import dev.starling.config.tls.UpstreamTls;
import dev.starling.runtime.stats.StatsScope;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;
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
    public static EndpointSockets of(
            String cluster, UpstreamSockets config, StatsScope scope, TlsHolders all, SecretSource secrets) {
        if (config.matches().isEmpty() && config.standard() instanceof UpstreamSocket.Raw) {
            return RAW;
        }
        TlsStats stats = TlsStats.client(scope);
        EndpointSockets sockets = new EndpointSockets(config, stats);
        Stream.concat(Stream.of(config.standard()), config.matches().stream().map(UpstreamSockets.Match::socket))
                .forEach(socket -> {
                    if (socket instanceof UpstreamTls tls) {
                        sockets.holders.computeIfAbsent(
                                socket, _ -> all.client("cluster " + cluster, tls, secrets, stats));
                    }
                });
        return sockets;
    }

    /** Complete when the secrets of all have come, or not come in time. */
    public CompletionStage<Void> ready() {
        return CompletableFuture.allOf(holders.values().stream()
                .map(holder -> holder.ready().toCompletableFuture())
                .toArray(CompletableFuture[]::new));
    }

    /** Null for an endpoint that is spoken to in clear. */
    public @Nullable EndpointTls of(Metadata metadata, String hostname) {
        return of(metadata.filterMetadata().getOrDefault(MATCH_NAMESPACE, Map.of()), hostname);
    }

    /** The same for what endpoints say in their metadata about this alone. */
    public @Nullable EndpointTls of(Map<String, Object> criteria, String hostname) {
        if (stats == null) {
            return null;
        }
        UpstreamSocket socket = config.of(criteria);
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
