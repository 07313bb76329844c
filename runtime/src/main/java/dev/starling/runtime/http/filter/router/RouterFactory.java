package dev.starling.runtime.http.filter.router;

import dev.starling.config.http.RouterConfig;
import dev.starling.config.proto.ValidationContext;
import dev.starling.config.proto.http.RouterReader;
import dev.starling.runtime.http.filter.FilterContext;
import dev.starling.runtime.http.filter.HttpFilter;
import dev.starling.runtime.http.filter.HttpFilterFactory;

/** {@code envoy.filters.http.router}. */
public final class RouterFactory
        implements HttpFilterFactory<io.envoyproxy.envoy.extensions.filters.http.router.v3.Router, RouterConfig> {

    @Override
    public String name() {
        return "envoy.filters.http.router";
    }

    @Override
    public Class<io.envoyproxy.envoy.extensions.filters.http.router.v3.Router> configType() {
        return io.envoyproxy.envoy.extensions.filters.http.router.v3.Router.class;
    }

    @Override
    public Class<RouterConfig> recordType() {
        return RouterConfig.class;
    }

    @Override
    public boolean terminal() {
        return true;
    }

    @Override
    public RouterConfig validate(
            io.envoyproxy.envoy.extensions.filters.http.router.v3.Router config, ValidationContext context) {
        return RouterReader.read(config);
    }

    @Override
    public HttpFilter.Maker create(RouterConfig config, FilterContext context) {
        RouterStats stats = RouterStats.in(context.scope());
        return exchange -> new Router(exchange, context.proxy(), config, stats);
    }
}
