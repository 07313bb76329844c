package dev.starling.config.discovery;

import java.time.Duration;
import java.util.Optional;

/**
 * Where clusters are asked for that are not there when they are needed.
 *
 * @param locator {@code xdstp://authority/envoy.config.cluster.v3.Cluster/...} of a collection or a cluster, asked for before
 *     any is asked for by name
 * @param timeout how long a request or a connection waits for its cluster
 */
public record OnDemandClusters(ConfigSource source, Optional<String> locator, Duration timeout) {}
