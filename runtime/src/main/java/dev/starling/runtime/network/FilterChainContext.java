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
 * @param lending for filters that may end before the chain does
 */
public record FilterChainContext(
        ProxyContext proxy,
        String listenerName,
        String filterChainName,
        StatsScope listenerScope,
        int bufferLimit,
        Consumer<Runnable> atEnd,
        Lending lending) {

    /** Lends routes and configurations of filters. Any thread. */
    @FunctionalInterface
    public interface Lending {

        /** @param atEnd takes what gives them back */
        ProxyContext lend(Consumer<Runnable> atEnd);
    }

    /** For a chain that lasts as long as the proxy. */
    public FilterChainContext(
            ProxyContext proxy,
            String listenerName,
            String filterChainName,
            StatsScope listenerScope,
            int bufferLimit) {
        this(proxy, listenerName, filterChainName, listenerScope, bufferLimit, end -> {}, end -> proxy);
    }

    /** The same for a filter that has an end of its own. */
    FilterChainContext of(ProxyContext lent, Consumer<Runnable> itsEnd) {
        return new FilterChainContext(lent, listenerName, filterChainName, listenerScope, bufferLimit, itsEnd, lending);
    }
}
