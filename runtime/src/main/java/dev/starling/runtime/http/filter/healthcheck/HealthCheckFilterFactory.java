package dev.starling.runtime.http.filter.healthcheck;

import dev.starling.config.http.HealthCheckFilterConfig;
import dev.starling.config.proto.ValidationContext;
import dev.starling.config.proto.http.HealthCheckFilterReader;
import dev.starling.runtime.http.filter.FilterContext;
import dev.starling.runtime.http.filter.HttpFilter;
import dev.starling.runtime.http.filter.HttpFilterFactory;
import dev.starling.runtime.route.HeaderMatch;
import io.envoyproxy.envoy.extensions.filters.http.health_check.v3.HealthCheck;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code envoy.filters.http.health_check}. */
public final class HealthCheckFilterFactory implements HttpFilterFactory<HealthCheck, HealthCheckFilterConfig> {

    @Override
    public String name() {
        return "envoy.filters.http.health_check";
    }

    @Override
    public Class<HealthCheck> configType() {
        return HealthCheck.class;
    }

    @Override
    public Class<HealthCheckFilterConfig> recordType() {
        return HealthCheckFilterConfig.class;
    }

    @Override
    public @Nullable HealthCheckFilterConfig validate(HealthCheck config, ValidationContext context) {
        return HealthCheckFilterReader.read(config, context);
    }

    @Override
    public HttpFilter.Maker create(HealthCheckFilterConfig config, FilterContext context) {
        List<HeaderMatch> matchers =
                config.headers().stream().map(HeaderMatch::new).toList();
        CachedAnswer cache = new CachedAnswer(config.cacheTime());
        return exchange -> new HealthCheckFilter(exchange, context.proxy(), config, matchers, cache);
    }
}
