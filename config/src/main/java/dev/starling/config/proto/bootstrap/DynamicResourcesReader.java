package dev.starling.config.proto.bootstrap;

import dev.starling.config.bootstrap.Node;
import dev.starling.config.cluster.Cluster;
import dev.starling.config.discovery.ApiConfigSource;
import dev.starling.config.discovery.ConfigSource;
import dev.starling.config.discovery.DynamicResources;
import dev.starling.config.discovery.GrpcService.Target;
import dev.starling.config.discovery.ResourceSet;
import dev.starling.config.proto.ValidationContext;
import dev.starling.config.proto.discovery.ApiConfigSourceReader;
import dev.starling.config.proto.discovery.ResourceSetReader;
import io.envoyproxy.envoy.config.bootstrap.v3.Bootstrap;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import java.util.List;
import java.util.Optional;

/** Reads {@code envoy.config.bootstrap.v3.Bootstrap.DynamicResources}. */
final class DynamicResourcesReader {

    private DynamicResourcesReader() {}

    /**
     * @param clusters of the bootstrap, through which control planes are reached
     * @param whole of the bootstrap
     */
    static DynamicResources read(Bootstrap bootstrap, Node node, List<Cluster> clusters, ValidationContext whole) {
        var context = whole.field("dynamic_resources");
        var message = bootstrap.getDynamicResources();
        var ads = message.hasAdsConfig()
                ? Optional.ofNullable(ApiConfigSourceReader.read(message.getAdsConfig(), context.field("ads_config")))
                : Optional.<ApiConfigSource>empty();
        var listeners = ResourceSetReader.read(
                message.hasLdsConfig(),
                message.getLdsConfig(),
                context.field("lds_config"),
                message.getLdsResourcesLocator(),
                Listener.getDescriptor(),
                context.field("lds_resources_locator"));
        var cds = ResourceSetReader.read(
                message.hasCdsConfig(),
                message.getCdsConfig(),
                context.field("cds_config"),
                message.getCdsResourcesLocator(),
                io.envoyproxy.envoy.config.cluster.v3.Cluster.getDescriptor(),
                context.field("cds_resources_locator"));
        checkPresent(message.hasLdsConfig(), message.getLdsResourcesLocator(), context.field("lds_config"));
        checkPresent(message.hasCdsConfig(), message.getCdsResourcesLocator(), context.field("cds_config"));
        ads.ifPresent(api -> checkApi(api, node, clusters, context.field("ads_config")));
        check(listeners.map(ResourceSet::source), message.hasAdsConfig(), node, clusters, context.field("lds_config"));
        check(cds.map(ResourceSet::source), message.hasAdsConfig(), node, clusters, context.field("cds_config"));
        var manager = bootstrap.getClusterManager();
        return new DynamicResources(
                listeners,
                cds,
                ads,
                service(
                        manager.hasLoadStatsConfig(),
                        manager.getLoadStatsConfig(),
                        node,
                        clusters,
                        whole.field("cluster_manager").field("load_stats_config")),
                service(bootstrap.hasHdsConfig(), bootstrap.getHdsConfig(), node, clusters, whole.field("hds_config")));
    }

    private static void checkPresent(boolean present, String locator, ValidationContext source) {
        if (!present && !locator.isEmpty()) {
            source.problem("is where a locator's resources are had from, and is not there");
        }
    }

    /** One that sends no resources, but is reached as those are that do. */
    private static Optional<ApiConfigSource> service(
            boolean present,
            io.envoyproxy.envoy.config.core.v3.ApiConfigSource message,
            Node node,
            List<Cluster> clusters,
            ValidationContext context) {
        if (!present) {
            return Optional.empty();
        }
        var api = Optional.ofNullable(ApiConfigSourceReader.read(message, context));
        api.ifPresent(read -> checkApi(read, node, clusters, context));
        return api;
    }

    /** Whether the bootstrap has what a control plane is reached by. */
    static void check(
            Optional<ConfigSource> source,
            boolean hasAds,
            Node node,
            List<Cluster> clusters,
            ValidationContext context) {
        switch (source.orElse(null)) {
            case ConfigSource.Ads _ -> {
                if (!hasAds) {
                    context.field("ads").problem("needs dynamic_resources.ads_config");
                }
            }
            case ConfigSource.Grpc grpc -> checkApi(grpc.api(), node, clusters, context.field("api_config_source"));
            case ConfigSource.Rest(var api, var _) -> {
                checkNode(node, context.field("api_config_source"));
                checkCluster(
                        api.cluster(),
                        clusters,
                        context.field("api_config_source").field("cluster_names", 0));
            }
            case ConfigSource.File _ -> {}
            case null -> {}
        }
    }

    private static void checkApi(ApiConfigSource api, Node node, List<Cluster> clusters, ValidationContext context) {
        checkNode(node, context);
        if (api.service().target() instanceof Target.Cluster target) {
            checkCluster(
                    target.name(),
                    clusters,
                    context.field("grpc_services", 0).field("envoy_grpc").field("cluster_name"));
        }
    }

    private static void checkNode(Node node, ValidationContext context) {
        if (node.id().isEmpty() || node.cluster().isEmpty()) {
            context.problem("node 'id' and 'cluster' are required. Set it either in 'node' config or via --service-node"
                    + " and --service-cluster options.");
        }
    }

    private static void checkCluster(String name, List<Cluster> clusters, ValidationContext context) {
        boolean known = clusters.stream()
                .anyMatch(cluster ->
                        cluster.name().equals(name) && !(cluster.discovery() instanceof Cluster.Discovery.Eds));
        if (!known) {
            context.problem("must have a statically defined non-EDS cluster: '" + name
                    + "' does not exist, was added via api, or is an EDS cluster");
        }
    }
}
