package dev.starling.config.discovery;

import java.time.Duration;

/**
 * Where clusters are asked for that are not there when they are needed.
 *
 * @param timeout how long a request or a connection waits for its cluster
 */
public record OnDemandClusters(ConfigSource source, Duration timeout) {}
