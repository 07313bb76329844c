package dev.starling.config.proto;

/**
 * What the command line says of the node, over what the configuration says; empty strings say nothing.
 *
 * @param id {@code --service-node}
 * @param cluster {@code --service-cluster}
 * @param zone {@code --service-zone}
 */
public record NodeOverrides(String id, String cluster, String zone) {

    public static final NodeOverrides NONE = new NodeOverrides("", "", "");
}
