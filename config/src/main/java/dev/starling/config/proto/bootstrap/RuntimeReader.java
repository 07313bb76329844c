package dev.starling.config.proto.bootstrap;

import dev.starling.config.bootstrap.Node;
import dev.starling.config.bootstrap.RuntimeLayer;
import dev.starling.config.cluster.Cluster;
import dev.starling.config.proto.ValidationContext;
import dev.starling.config.proto.discovery.ConfigSourceReader;
import io.envoyproxy.envoy.config.bootstrap.v3.Bootstrap;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads the layers of {@code layered_runtime}. */
final class RuntimeReader {

    private final Node node;
    private final List<Cluster> clusters;
    private final boolean hasAds;

    private RuntimeReader(Node node, List<Cluster> clusters, boolean hasAds) {
        this.node = node;
        this.clusters = clusters;
        this.hasAds = hasAds;
    }

    /** @param clusters of the bootstrap, through which control planes are reached */
    static List<RuntimeLayer> read(Bootstrap bootstrap, Node node, List<Cluster> clusters, ValidationContext context) {
        var message = bootstrap.getLayeredRuntime();
        if (bootstrap.hasLayeredRuntime() && message.getLayersCount() == 0) {
            return List.of(new RuntimeLayer.Admin(""));
        }
        var reader = new RuntimeReader(
                node, clusters, bootstrap.getDynamicResources().hasAdsConfig());
        var layers = new ArrayList<RuntimeLayer>();
        var names = new HashSet<String>();
        int adminLayers = 0;
        for (int i = 0; i < message.getLayersCount(); i++) {
            var layer = message.getLayers(i);
            var at = context.field("layers", i);
            if (!names.add(layer.getName())) {
                at.field("name").problem("Duplicate layer name: " + layer.getName());
            }
            if (layer.hasAdminLayer() && ++adminLayers > 1) {
                at.problem("Too many admin layers specified in LayeredRuntime, at most one may be specified");
            }
            Optional.ofNullable(reader.layer(layer, at)).ifPresent(layers::add);
        }
        return layers;
    }

    private @Nullable RuntimeLayer layer(
            io.envoyproxy.envoy.config.bootstrap.v3.RuntimeLayer message, ValidationContext context) {
        return switch (message.getLayerSpecifierCase()) {
            case STATIC_LAYER ->
                new RuntimeLayer.Static(
                        message.getName(),
                        RuntimeValuesReader.readText(message.getStaticLayer(), context.field("static_layer")));
            case DISK_LAYER -> disk(message, context.field("disk_layer"));
            case ADMIN_LAYER -> new RuntimeLayer.Admin(message.getName());
            case RTDS_LAYER -> discovered(message, context.field("rtds_layer"));
            case LAYERSPECIFIER_NOT_SET -> {
                context.problem("one of static_layer, disk_layer, admin_layer, rtds_layer is required");
                yield null;
            }
        };
    }

    private @Nullable RuntimeLayer disk(
            io.envoyproxy.envoy.config.bootstrap.v3.RuntimeLayer message, ValidationContext context) {
        var disk = message.getDiskLayer();
        if (disk.getSymlinkRoot().isEmpty()) {
            context.field("symlink_root").problem("invalid file path");
            return null;
        }
        String directory = disk.getSymlinkRoot() + "/" + disk.getSubdirectory();
        return new RuntimeLayer.Disk(
                message.getName(),
                disk.getSymlinkRoot(),
                disk.getAppendServiceCluster() ? directory + "/" + node.cluster() : directory);
    }

    private @Nullable RuntimeLayer discovered(
            io.envoyproxy.envoy.config.bootstrap.v3.RuntimeLayer message, ValidationContext context) {
        var layer = message.getRtdsLayer();
        var at = context.field("rtds_config");
        var source = ConfigSourceReader.read(layer.getRtdsConfig(), at);
        DynamicResourcesReader.check(Optional.ofNullable(source), hasAds, node, clusters, at);
        return source == null ? null : new RuntimeLayer.Discovered(message.getName(), layer.getName(), source);
    }
}
