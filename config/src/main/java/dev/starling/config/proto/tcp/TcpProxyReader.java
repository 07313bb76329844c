package dev.starling.config.proto.tcp;

import dev.starling.config.discovery.OnDemandClusters;
import dev.starling.config.proto.ValidationContext;
import dev.starling.config.proto.accesslog.AccessLogReader;
import dev.starling.config.proto.core.DurationReader;
import dev.starling.config.proto.core.Uint32Reader;
import dev.starling.config.proto.discovery.ConfigSourceReader;
import dev.starling.config.tcp.TcpProxy;
import dev.starling.config.tcp.TcpProxy.WeightedCluster;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads the configuration of the TCP proxy. */
public final class TcpProxyReader {

    private static final Duration DEFAULT_IDLE_TIMEOUT = Duration.ofHours(1);
    private static final Duration DEFAULT_ON_DEMAND_TIMEOUT = Duration.ofMinutes(1);

    private TcpProxyReader() {}

    /** Null after a problem. A cluster need not exist: its connections are closed until it does. */
    public static @Nullable TcpProxy read(
            io.envoyproxy.envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy message, ValidationContext context) {
        var clusters = clusters(message, context);
        var idleTimeout = DurationReader.readOr(
                DEFAULT_IDLE_TIMEOUT,
                message.hasIdleTimeout(),
                message.getIdleTimeout(),
                context.field("idle_timeout"));
        var maxDuration = DurationReader.readIf(
                message.hasMaxDownstreamConnectionDuration(),
                message.getMaxDownstreamConnectionDuration(),
                context.field("max_downstream_connection_duration"));
        var accessLogs = AccessLogReader.read(message.getAccessLogList(), context, "access_log");
        var tunneling = message.hasTunnelingConfig()
                ? TunnelingReader.read(message.getTunnelingConfig(), context.field("tunneling_config"))
                : null;
        var onDemand = message.hasOnDemand()
                ? onDemand(message.getOnDemand(), context.field("on_demand"))
                : Optional.<OnDemandClusters>empty();
        return context.failed()
                ? null
                : new TcpProxy(
                        message.getStatPrefix(),
                        clusters,
                        idleTimeout,
                        maxDuration,
                        Uint32Reader.clampedOr(1, message.hasMaxConnectAttempts(), message.getMaxConnectAttempts()),
                        accessLogs,
                        Optional.ofNullable(tunneling),
                        onDemand);
    }

    private static Optional<OnDemandClusters> onDemand(
            io.envoyproxy.envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy.OnDemand message,
            ValidationContext context) {
        var timeout = DurationReader.readOr(
                DEFAULT_ON_DEMAND_TIMEOUT, message.hasTimeout(), message.getTimeout(), context.field("timeout"));
        return ConfigSourceReader.readIf(
                        message.hasOdcdsConfig(), message.getOdcdsConfig(), context.field("odcds_config"))
                .map(source -> new OnDemandClusters(source, Optional.empty(), timeout));
    }

    private static List<WeightedCluster> clusters(
            io.envoyproxy.envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy message, ValidationContext context) {
        return switch (message.getClusterSpecifierCase()) {
            case CLUSTER -> List.of(new WeightedCluster(message.getCluster(), 1));
            case WEIGHTED_CLUSTERS ->
                message.getWeightedClusters().getClustersList().stream()
                        .map(cluster ->
                                new WeightedCluster(cluster.getName(), Uint32Reader.asLong(cluster.getWeight())))
                        .toList();
            case CLUSTERSPECIFIER_NOT_SET -> {
                if (!context.failed()) {
                    context.problem("one of cluster, weighted_clusters is required");
                }
                yield List.of();
            }
        };
    }
}
