package dev.starling.config.discovery;

import java.util.Optional;

/**
 * {@code envoy.config.bootstrap.v3.Bootstrap.DynamicResources}, validated.
 *
 * @param ads what {@link ConfigSource.Ads} means
 * @param loadReports who is told of load ({@code cluster_manager.load_stats_config})
 * @param healthChecks who says which endpoints are to be checked for others ({@code hds_config})
 */
public record DynamicResources(
        Optional<ResourceSet> listeners,
        Optional<ResourceSet> clusters,
        Optional<ApiConfigSource> ads,
        Optional<ApiConfigSource> loadReports,
        Optional<ApiConfigSource> healthChecks) {

    public static final DynamicResources NONE = new DynamicResources(
            Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
}
