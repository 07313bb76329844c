package dev.starling.runtime.http.filter.router;

import dev.starling.config.http.RouterConfig;
import dev.starling.runtime.http.filter.FilterContext;
import dev.starling.runtime.http.filter.HttpFilter;

/** {@code envoy.filters.http.router}. */
public final class RouterFactory {

    /** Makes the router of each exchange. */
    public HttpFilter.Maker create(RouterConfig config, FilterContext context) {
        RouterStats stats = RouterStats.in(context.scope());
        return exchange -> new Router(exchange, context.proxy(), config, stats);
    }
}
