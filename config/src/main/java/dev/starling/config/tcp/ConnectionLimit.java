package dev.starling.config.tcp;

import dev.starling.config.RuntimeFlag;
import java.time.Duration;

/**
 * {@code envoy.extensions.filters.network.connection_limit.v3.ConnectionLimit}.
 *
 * @param delay how long a connection that is one too many stays open
 */
public record ConnectionLimit(String statPrefix, long maxConnections, Duration delay, RuntimeFlag enabled) {}
