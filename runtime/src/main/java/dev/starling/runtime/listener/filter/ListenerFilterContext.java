package dev.starling.runtime.listener.filter;

import dev.starling.runtime.ProxyContext;
import dev.starling.runtime.stats.StatsScope;

/**
 * What a listener filter is built with.
 *
 * @param scope statistics that last as long as the listener, under their whole names
 */
public record ListenerFilterContext(ProxyContext proxy, StatsScope scope) {}
