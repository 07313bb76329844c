package dev.starling.config.http;

import dev.starling.config.discovery.OnDemandClusters;
import java.util.Optional;

/**
 * {@code envoy.extensions.filters.http.on_demand.v3.OnDemand}.
 *
 * @param clusters absent: only routes are asked for
 */
public record OnDemandConfig(Optional<OnDemandClusters> clusters) {}
