package dev.starling.config.proto.cluster;

import dev.starling.config.cluster.Cluster.Discovery;
import dev.starling.config.proto.TypedConfig;
import dev.starling.config.proto.ValidationContext;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.extensions.clusters.aggregate.v3.ClusterConfig;
import org.jspecify.annotations.Nullable;

/** Reads {@code cluster_type}, of which only aggregates are known. As in Envoy the type of its configuration says more than its name. */
final class AggregateReader {

    private static final String NAME = "envoy.clusters.aggregate";
    private static final String STRUCT = "google.protobuf.Struct";

    private AggregateReader() {}

    /** Null after a problem. */
    static Discovery.@Nullable Aggregate read(Cluster message, ValidationContext context) {
        String name = message.getClusterType().getName();
        var config = message.getClusterType().getTypedConfig();
        String type = TypedConfig.typeName(config);
        boolean untyped = type.isEmpty() || type.equals(STRUCT);
        if (untyped
                ? !name.equals(NAME)
                : !type.equals(ClusterConfig.getDescriptor().getFullName())) {
            context.problem("Didn't find a registered cluster factory implementation for "
                    + (untyped ? "name: '" + name : "type: '" + type)
                    + "'");
            return null;
        }
        var at = context.field("typed_config");
        var clusters = TypedConfig.unpack(config)
                .map(ClusterConfig.class::cast)
                .orElse(ClusterConfig.getDefaultInstance())
                .getClustersList();
        if (clusters.isEmpty()) {
            at.field("clusters").problem("needs at least 1 entry");
            return null;
        }
        return new Discovery.Aggregate(clusters);
    }
}
