package dev.starling.xds.stream;

import io.envoyproxy.envoy.config.core.v3.Locality;
import io.envoyproxy.envoy.config.core.v3.Node;
import java.util.List;

/** Who asks, as control planes are told. */
public final class NodeMessage {

    /** Control planes look for this name to know what they may send. */
    private static final String USER_AGENT = "envoy";

    private static final int API_MAJOR = 1;
    private static final int API_MINOR = 34;
    private static final List<String> FEATURES = List.of(
            "envoy.lb.does_not_support_overprovisioning",
            "xds.config.supports-resource-ttl",
            "xds.config.supports-resource-in-sotw");

    private NodeMessage() {}

    public static Node of(dev.starling.config.bootstrap.Node node) {
        Node.Builder message = Node.newBuilder()
                .setId(node.id())
                .setCluster(node.cluster())
                .setLocality(Locality.newBuilder()
                        .setRegion(node.locality().region())
                        .setZone(node.locality().zone())
                        .setSubZone(node.locality().subZone()))
                .setMetadata(StructMessage.of(node.metadata()))
                .setUserAgentName(USER_AGENT)
                .addAllClientFeatures(FEATURES);
        message.getUserAgentBuildVersionBuilder()
                .getVersionBuilder()
                .setMajorNumber(API_MAJOR)
                .setMinorNumber(API_MINOR);
        message.getUserAgentBuildVersionBuilder()
                .getMetadataBuilder()
                .putFields("build.type", StructMessage.text("starling"));
        return message.build();
    }
}
