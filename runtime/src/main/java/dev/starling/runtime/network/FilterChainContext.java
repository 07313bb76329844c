package dev.starling.runtime.network;

import dev.starling.runtime.ProxyContext;
import dev.starling.runtime.stats.StatsScope;
import java.util.function.Consumer;

/**
 * What a network filter is built with.
 *
 * @param proxy what all of the proxy shares
 * @param listenerScope {@code listener.<address>.}
 * @param bufferLimit bytes a connection may buffer
 * @param atEnd takes what is to be done when the chain's last connection has closed and no other will come
 */
public record FilterChainContext(
        ProxyContext proxy,
        String listenerName,
        String filterChainName,
        StatsScope listenerScope,
        int bufferLimit,
        Consumer<Runnable> atEnd) {

    /** For a chain that lasts as long as the proxy. */
    public FilterChainContext(
            ProxyContext proxy,
            String listenerName,
            String filterChainName,
            StatsScope listenerScope,
            int bufferLimit) {
        this(proxy, listenerName, filterChainName, listenerScope, bufferLimit, end -> {});
    }
}
