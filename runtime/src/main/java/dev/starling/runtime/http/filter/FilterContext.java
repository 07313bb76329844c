package dev.starling.runtime.http.filter;

import dev.starling.runtime.ProxyContext;
import dev.starling.runtime.stats.StatsScope;

/**
 * What an HTTP filter is built with.
 *
 * @param name of the filter in its chain, by which routes speak of it
 * @param proxy what all of the proxy shares
 * @param scope {@code http.<stat_prefix>.}
 */
public record FilterContext(String name, ProxyContext proxy, StatsScope scope) {}
