package dev.starling.config.proto.route;

import dev.starling.config.RuntimeUint32;
import dev.starling.config.proto.ValidationContext;
import dev.starling.config.proto.core.Elements;
import dev.starling.config.proto.core.HeaderNameReader;
import dev.starling.config.proto.core.Uint32Reader;
import dev.starling.config.route.RouteAction.Target;
import dev.starling.config.route.RouteAction.WeightedCluster;
import io.envoyproxy.envoy.config.route.v3.WeightedCluster.ClusterWeight;
import org.jspecify.annotations.Nullable;

/** Reads {@code envoy.config.route.v3.WeightedCluster}. */
final class WeightedClustersReader {

    private static final long MAX_TOTAL_WEIGHT = 0xffff_ffffL;

    private WeightedClustersReader() {}

    static Target.@Nullable WeightedClusters read(
            io.envoyproxy.envoy.config.route.v3.WeightedCluster message, RouteScope scope, ValidationContext context) {
        var clusters = Elements.read(
                message.getClustersList(),
                context,
                "clusters",
                (cluster, at) -> cluster(cluster, message.getRuntimeKeyPrefix(), scope, at));
        long total = message.getClustersList().stream()
                .mapToLong(cluster -> Uint32Reader.asLong(cluster.getWeight().getValue()))
                .sum();
        if (total > MAX_TOTAL_WEIGHT) {
            context.problem("The sum of weights of all weighted clusters exceeds " + MAX_TOTAL_WEIGHT);
        } else if (total == 0 && !context.failed()) {
            context.problem("Sum of weights in the weighted_cluster must be greater than 0.");
        }
        String header = message.getHeaderName();
        if (!header.isEmpty()) {
            header = HeaderNameReader.read(header, context.field("header_name"));
        }
        return header == null || context.failed() ? null : new Target.WeightedClusters(clusters, total, header);
    }

    private static @Nullable WeightedCluster cluster(
            ClusterWeight message, String keyPrefix, RouteScope scope, ValidationContext context) {
        if (!message.getClusterHeader().isEmpty()) {
            context.field("cluster_header").problem("weighted clusters by header are not supported yet");
        } else if (message.getName().isEmpty()) {
            context.problem("At least one of name or cluster_header need to be specified");
        } else {
            scope.checkCluster(message.getName(), "weighted cluster", context.field("name"));
        }
        if (!message.hasWeight()) {
            context.field("weight").problem("Field 'weight' is missing");
        }
        var headers = HeaderMutationsReader.read(
                message.getRequestHeadersToAddList(),
                message.getRequestHeadersToRemoveList(),
                message.getResponseHeadersToAddList(),
                message.getResponseHeadersToRemoveList(),
                context);
        var overrides = FilterOverridesReader.read(message.getTypedPerFilterConfigMap(), context);
        return context.failed()
                ? null
                : new WeightedCluster(
                        message.getName(),
                        new RuntimeUint32(
                                Uint32Reader.asLong(message.getWeight().getValue()),
                                keyPrefix.isEmpty() ? "" : keyPrefix + "." + message.getName()),
                        headers,
                        message.getHostRewriteLiteral(),
                        overrides);
    }
}
