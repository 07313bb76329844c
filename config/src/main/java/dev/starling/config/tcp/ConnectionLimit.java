package dev.starling.config.tcp;

import java.time.Duration;

/**
 * {@code envoy.extensions.filters.network.connection_limit.v3.ConnectionLimit}.
 *
 * @param delay how long a connection that is one too many stays open
 * @param enabled what the runtime's default says
 */
public record ConnectionLimit(String statPrefix, long maxConnections, Duration delay, boolean enabled) {}
