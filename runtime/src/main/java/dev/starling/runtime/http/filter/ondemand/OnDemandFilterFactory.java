package dev.starling.runtime.http.filter.ondemand;

import dev.starling.config.http.OnDemandConfig;
import dev.starling.config.proto.ValidationContext;
import dev.starling.config.proto.http.OnDemandReader;
import dev.starling.runtime.cluster.ClusterRequests;
import dev.starling.runtime.http.filter.FilterContext;
import dev.starling.runtime.http.filter.HttpFilter;
import dev.starling.runtime.http.filter.HttpFilterFactory;
import io.envoyproxy.envoy.extensions.filters.http.on_demand.v3.OnDemand;
import org.jspecify.annotations.Nullable;

/** {@code envoy.filters.http.on_demand}. */
public final class OnDemandFilterFactory implements HttpFilterFactory<OnDemand, OnDemandConfig> {

    static final String NAME = "envoy.filters.http.on_demand";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Class<OnDemand> configType() {
        return OnDemand.class;
    }

    @Override
    public Class<OnDemandConfig> recordType() {
        return OnDemandConfig.class;
    }

    @Override
    public @Nullable OnDemandConfig validate(OnDemand config, ValidationContext context) {
        return OnDemandReader.read(config, context);
    }

    @Override
    public HttpFilter.Maker create(OnDemandConfig config, FilterContext context) {
        ClusterRequests requests = context.proxy().clusterRequests();
        return exchange -> new OnDemandFilter(context.name(), config, requests, exchange);
    }
}
