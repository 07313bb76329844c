package dev.starling.config.proto.route;

import dev.starling.config.proto.ValidationContext;
import dev.starling.config.proto.core.DurationReader;
import dev.starling.config.proto.core.HeaderNameReader;
import dev.starling.config.route.GrpcTimeouts;
import dev.starling.config.route.RouteAction;
import dev.starling.config.route.RouteAction.RoutingPriority;
import dev.starling.config.route.RouteAction.Target;
import io.envoyproxy.envoy.config.route.v3.RouteAction.MaxStreamDuration;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads {@code envoy.config.route.v3.RouteAction}. */
final class RouteActionReader {

    private RouteActionReader() {}

    static @Nullable RouteAction read(
            io.envoyproxy.envoy.config.route.v3.RouteAction message, RouteScope scope, ValidationContext context) {
        var target = target(message, scope, context);
        var configuredTimeout = DurationReader.readOr(
                RouteAction.DEFAULT_TIMEOUT, message.hasTimeout(), message.getTimeout(), context.field("timeout"));
        // whatever max_stream_duration says, it is there instead of the route's timeout
        var timeout = message.hasMaxStreamDuration() ? Duration.ZERO : configuredTimeout;
        var idleTimeout = DurationReader.readIf(
                message.hasIdleTimeout(), message.getIdleTimeout(), context.field("idle_timeout"));
        MaxStreamDuration maxStream = message.getMaxStreamDuration();
        var maxStreamDuration = DurationReader.readIf(
                maxStream.hasMaxStreamDuration(),
                maxStream.getMaxStreamDuration(),
                context.field("max_stream_duration").field("max_stream_duration"));
        var pathRewrite = RewriteReader.path(message, context);
        var hostRewrite = RewriteReader.host(message, context);
        var upgrades = UpgradeConfigsReader.read(message.getUpgradeConfigsList(), context);
        var grpcTimeouts = grpcTimeouts(message, context);
        var retryPolicy = RetriesReader.policy(message.hasRetryPolicy(), message.getRetryPolicy(), context);
        return target == null || pathRewrite == null || hostRewrite == null || context.failed()
                ? null
                : new RouteAction(
                        target,
                        clusterNotFoundStatus(message),
                        timeout,
                        idleTimeout,
                        maxStreamDuration,
                        pathRewrite,
                        hostRewrite,
                        message.getAppendXForwardedHost(),
                        message.getPriority() == io.envoyproxy.envoy.config.core.v3.RoutingPriority.HIGH
                                ? RoutingPriority.HIGH
                                : RoutingPriority.DEFAULT,
                        upgrades,
                        grpcTimeouts,
                        retryPolicy);
    }

    @SuppressWarnings("deprecation") // max_grpc_timeout is old, and still what many control planes send
    private static GrpcTimeouts grpcTimeouts(
            io.envoyproxy.envoy.config.route.v3.RouteAction message, ValidationContext context) {
        MaxStreamDuration stream = message.getMaxStreamDuration();
        var streamContext = context.field("max_stream_duration");
        var max = DurationReader.readIf(
                message.hasMaxGrpcTimeout(), message.getMaxGrpcTimeout(), context.field("max_grpc_timeout"));
        var offset = DurationReader.readIf(
                message.hasGrpcTimeoutOffset(), message.getGrpcTimeoutOffset(), context.field("grpc_timeout_offset"));
        boolean routers = !message.hasMaxStreamDuration();
        return new GrpcTimeouts(
                !routers,
                DurationReader.readIf(
                        stream.hasGrpcTimeoutHeaderMax(),
                        stream.getGrpcTimeoutHeaderMax(),
                        streamContext.field("grpc_timeout_header_max")),
                DurationReader.readIf(
                        stream.hasGrpcTimeoutHeaderOffset(),
                        stream.getGrpcTimeoutHeaderOffset(),
                        streamContext.field("grpc_timeout_header_offset")),
                routers ? max : Optional.empty(),
                routers ? offset : Optional.empty());
    }

    private static @Nullable Target target(
            io.envoyproxy.envoy.config.route.v3.RouteAction message, RouteScope scope, ValidationContext context) {
        return switch (message.getClusterSpecifierCase()) {
            case CLUSTER -> {
                scope.checkCluster(message.getCluster(), "cluster", context.field("cluster"));
                yield new Target.ToCluster(message.getCluster());
            }
            case CLUSTER_HEADER -> {
                var header = HeaderNameReader.read(message.getClusterHeader(), context.field("cluster_header"));
                yield header == null ? null : new Target.ClusterHeader(header);
            }
            case WEIGHTED_CLUSTERS ->
                WeightedClustersReader.read(message.getWeightedClusters(), scope, context.field("weighted_clusters"));
            case CLUSTER_SPECIFIER_PLUGIN -> {
                context.field("cluster_specifier_plugin").problem("cluster specifier plugins are not supported yet");
                yield null;
            }
            case INLINE_CLUSTER_SPECIFIER_PLUGIN -> {
                context.field("inline_cluster_specifier_plugin")
                        .problem("cluster specifier plugins are not supported yet");
                yield null;
            }
            case CLUSTERSPECIFIER_NOT_SET -> {
                if (!context.failed()) {
                    context.problem("one of cluster, cluster_header, weighted_clusters is required");
                }
                yield null;
            }
        };
    }

    private static int clusterNotFoundStatus(io.envoyproxy.envoy.config.route.v3.RouteAction message) {
        return switch (message.getClusterNotFoundResponseCode()) {
            case SERVICE_UNAVAILABLE, UNRECOGNIZED -> 503;
            case NOT_FOUND -> 404;
            case INTERNAL_SERVER_ERROR -> 500;
        };
    }
}
