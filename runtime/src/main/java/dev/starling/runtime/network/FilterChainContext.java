package dev.starling.runtime.network;

import dev.starling.runtime.ProxyContext;
import dev.starling.runtime.stats.StatsScope;

/**
 * What a network filter is built with.
 *
 * @param proxy what all of the proxy shares
 * @param listenerScope {@code listener.<address>.}
 * @param bufferLimit bytes a connection may buffer
 */
public record FilterChainContext(
        ProxyContext proxy, String listenerName, String filterChainName, StatsScope listenerScope, int bufferLimit) {}
