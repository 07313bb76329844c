package dev.starling.config.proto;

import io.envoyproxy.envoy.config.bootstrap.v3.Bootstrap;

/**
 * What the command line says of the node, over what the configuration says; empty strings say nothing.
 *
 * @param id {@code --service-node}
 * @param cluster {@code --service-cluster}
 * @param zone {@code --service-zone}
 */
public record NodeOverrides(String id, String cluster, String zone) {

    public static final NodeOverrides NONE = new NodeOverrides("", "", "");

    Bootstrap over(Bootstrap message) {
        if (equals(NONE)) {
            return message;
        }
        var node = message.getNode().toBuilder();
        if (!id.isEmpty()) {
            node.setId(id);
        }
        if (!cluster.isEmpty()) {
            node.setCluster(cluster);
        }
        if (!zone.isEmpty()) {
            node.getLocalityBuilder().setZone(zone);
        }
        return message.toBuilder().setNode(node).build();
    }
}
