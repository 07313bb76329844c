package dev.starling.runtime.http.filter.ondemand;

import dev.starling.config.http.OnDemandConfig;
import dev.starling.config.proto.ExtensionFactory;
import dev.starling.config.proto.ValidationContext;
import dev.starling.config.proto.http.OnDemandReader;
import io.envoyproxy.envoy.extensions.filters.http.on_demand.v3.PerRouteConfig;
import org.jspecify.annotations.Nullable;

/** What routes say of {@code envoy.filters.http.on_demand}: the filter's configuration, in place of its own. */
public final class OnDemandOverrideFactory implements ExtensionFactory<PerRouteConfig> {

    @Override
    public String name() {
        return OnDemandFilterFactory.NAME; // by which the two belong together
    }

    @Override
    public Class<PerRouteConfig> configType() {
        return PerRouteConfig.class;
    }

    @Override
    public @Nullable OnDemandConfig validate(PerRouteConfig config, ValidationContext context) {
        return OnDemandReader.readOverride(config, context);
    }
}
