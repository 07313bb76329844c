package dev.starling.runtime.http.filter.grpc;

import dev.starling.config.http.GrpcHttp1ReverseBridgeConfig;
import dev.starling.config.proto.ValidationContext;
import dev.starling.runtime.http.filter.FilterContext;
import dev.starling.runtime.http.filter.HttpFilter;
import dev.starling.runtime.http.filter.HttpFilterFactory;
import io.envoyproxy.envoy.extensions.filters.http.grpc_http1_reverse_bridge.v3.FilterConfig;
import java.util.Locale;

/** {@code envoy.filters.http.grpc_http1_reverse_bridge}. */
public final class GrpcHttp1ReverseBridgeFilterFactory
        implements HttpFilterFactory<FilterConfig, GrpcHttp1ReverseBridgeConfig> {

    @Override
    public String name() {
        return "envoy.filters.http.grpc_http1_reverse_bridge";
    }

    @Override
    public Class<FilterConfig> configType() {
        return FilterConfig.class;
    }

    @Override
    public Class<GrpcHttp1ReverseBridgeConfig> recordType() {
        return GrpcHttp1ReverseBridgeConfig.class;
    }

    @Override
    public GrpcHttp1ReverseBridgeConfig validate(FilterConfig config, ValidationContext context) {
        return new GrpcHttp1ReverseBridgeConfig(
                config.getContentType(),
                config.getWithholdGrpcFrames(),
                config.getResponseSizeHeader().toLowerCase(Locale.ROOT));
    }

    @Override
    public HttpFilter.Maker create(GrpcHttp1ReverseBridgeConfig config, FilterContext context) {
        return exchange -> new GrpcHttp1ReverseBridgeFilter(exchange, config);
    }
}
