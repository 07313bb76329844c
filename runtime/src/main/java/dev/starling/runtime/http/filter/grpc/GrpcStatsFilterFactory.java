package dev.starling.runtime.http.filter.grpc;

import dev.starling.config.http.GrpcStatsConfig;
import dev.starling.config.proto.ValidationContext;
import dev.starling.config.proto.http.GrpcStatsReader;
import dev.starling.runtime.http.filter.FilterContext;
import dev.starling.runtime.http.filter.HttpFilter;
import dev.starling.runtime.http.filter.HttpFilterFactory;
import io.envoyproxy.envoy.extensions.filters.http.grpc_stats.v3.FilterConfig;

/** {@code envoy.filters.http.grpc_stats}. */
public final class GrpcStatsFilterFactory implements HttpFilterFactory<FilterConfig, GrpcStatsConfig> {

    @Override
    public String name() {
        return "envoy.filters.http.grpc_stats";
    }

    @Override
    public Class<FilterConfig> configType() {
        return FilterConfig.class;
    }

    @Override
    public Class<GrpcStatsConfig> recordType() {
        return GrpcStatsConfig.class;
    }

    @Override
    public GrpcStatsConfig validate(FilterConfig config, ValidationContext context) {
        return GrpcStatsReader.read(config);
    }

    @Override
    public HttpFilter.Maker create(GrpcStatsConfig config, FilterContext context) {
        return exchange -> new GrpcStatsFilter(exchange, config);
    }
}
