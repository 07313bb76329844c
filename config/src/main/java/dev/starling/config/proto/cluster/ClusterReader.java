package dev.starling.config.proto.cluster;

import dev.starling.config.ByteCount;
import dev.starling.config.cluster.Cluster;
import dev.starling.config.cluster.Cluster.Discovery;
import dev.starling.config.cluster.OutlierDetection;
import dev.starling.config.endpoint.LoadAssignment;
import dev.starling.config.proto.ValidationContext;
import dev.starling.config.proto.core.AddressReader;
import dev.starling.config.proto.core.ContentHash;
import dev.starling.config.proto.core.DurationReader;
import dev.starling.config.proto.core.MetadataReader;
import dev.starling.config.proto.core.Uint32Reader;
import dev.starling.config.proto.endpoint.LoadAssignmentReader;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads {@code envoy.config.cluster.v3.Cluster}. */
public final class ClusterReader {

    private static final Duration DEFAULT_CONNECT_TIMEOUT = Duration.ofSeconds(5);
    private static final ByteCount DEFAULT_BUFFER_LIMIT = ByteCount.mebibytes(1);
    private static final String NAME_HINT =
            ". Consider setting resolver_name or setting cluster type to 'STRICT_DNS' or 'LOGICAL_DNS'";

    private ClusterReader() {}

    /** Null after a problem. */
    public static @Nullable Cluster read(
            io.envoyproxy.envoy.config.cluster.v3.Cluster message, ValidationContext context) {
        var sockets = UpstreamSocketsReader.read(message, context);
        var discovery = DiscoveryReader.read(message, context);
        var endpoints = discovery == null ? null : endpoints(message, discovery, context.field("load_assignment"));
        var lb = LbPolicyReader.read(message, context);
        var http = ProtocolOptionsReader.read(message, sockets, context);
        var outlierDetection = message.hasOutlierDetection()
                ? Optional.of(
                        OutlierDetectionReader.read(message.getOutlierDetection(), context.field("outlier_detection")))
                : Optional.<OutlierDetection>empty();
        var healthChecks = HealthCheckReader.read(message.getHealthChecksList(), message.getName(), http, context);
        var commonLb = CommonLbReader.read(
                message.getCommonLbConfig(), lb != null && lb.localityWeighted(), context.field("common_lb_config"));
        var connectTimeout = DurationReader.readOr(
                DEFAULT_CONNECT_TIMEOUT,
                message.hasConnectTimeout(),
                message.getConnectTimeout(),
                context.field("connect_timeout"));
        if (discovery == null || endpoints == null || lb == null || context.failed()) {
            return null;
        }
        return new Cluster(
                message.getName(),
                statName(message),
                discovery,
                endpoints,
                lb.policy(),
                commonLb,
                connectTimeout,
                message.hasPerConnectionBufferLimitBytes()
                        ? new ByteCount(Uint32Reader.asLong(
                                message.getPerConnectionBufferLimitBytes().getValue()))
                        : DEFAULT_BUFFER_LIMIT,
                CircuitBreakersReader.read(message.getCircuitBreakers()),
                outlierDetection,
                healthChecks,
                http,
                sockets,
                UpstreamProxyProtocolReader.read(message, context),
                !message.hasWaitForWarmOnInit()
                        || message.getWaitForWarmOnInit().getValue(),
                message.getIgnoreHealthOnHostRemoval(),
                MetadataReader.read(message.getMetadata()),
                ContentHash.of(message));
    }

    private static String statName(io.envoyproxy.envoy.config.cluster.v3.Cluster message) {
        String name = message.getAltStatName().isEmpty() ? message.getName() : message.getAltStatName();
        return name.replace(':', '_');
    }

    private static LoadAssignment endpoints(
            io.envoyproxy.envoy.config.cluster.v3.Cluster message, Discovery discovery, ValidationContext context) {
        return switch (discovery) {
            case Discovery.Static ignored -> endpoints(message, discovery, AddressReader.literal(NAME_HINT), context);
            case Discovery.StrictDns ignored -> endpoints(message, discovery, AddressReader.named(), context);
            case Discovery.LogicalDns ignored -> endpoints(message, discovery, AddressReader.named(), context);
            case Discovery.OriginalDst ignored -> endpoints(message, discovery, AddressReader.literal(), context);
            case Discovery.Eds ignored -> endpoints(message, discovery, AddressReader.literal(), context);
            case Discovery.Aggregate ignored -> noEndpoints(message, context);
        };
    }

    private static LoadAssignment noEndpoints(
            io.envoyproxy.envoy.config.cluster.v3.Cluster message, ValidationContext context) {
        if (message.hasLoadAssignment()) {
            context.unsupported("has no effect in an aggregate cluster, whose endpoints are those of others");
        }
        return LoadAssignment.of(message.getName(), List.of());
    }

    private static LoadAssignment endpoints(
            io.envoyproxy.envoy.config.cluster.v3.Cluster message,
            Discovery discovery,
            AddressReader addresses,
            ValidationContext context) {
        var read = message.hasLoadAssignment()
                ? new LoadAssignmentReader(addresses).read(message.getLoadAssignment(), context)
                : LoadAssignment.of(message.getName(), List.of());
        if (discovery instanceof Discovery.LogicalDns && !isSingle(message.getLoadAssignment())) {
            context.problem("LOGICAL_DNS clusters must have a single locality_lb_endpoint and a single lb_endpoint");
        }
        if (!read.collections().isEmpty()) {
            context.field("load_assignment")
                    .problem("LEDS is only supported when EDS is used. Static cluster " + message.getName()
                            + " cannot use LEDS.");
        }
        return read;
    }

    private static boolean isSingle(io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment message) {
        return message.getEndpointsCount() == 1 && message.getEndpoints(0).getLbEndpointsCount() == 1;
    }
}
