package dev.starling.runtime.http.filter.grpc;

import dev.starling.config.http.GrpcHttp1BridgeConfig;
import dev.starling.config.proto.ValidationContext;
import dev.starling.runtime.http.filter.FilterContext;
import dev.starling.runtime.http.filter.HttpFilter;
import dev.starling.runtime.http.filter.HttpFilterFactory;
import io.envoyproxy.envoy.extensions.filters.http.grpc_http1_bridge.v3.Config;

/** {@code envoy.filters.http.grpc_http1_bridge}. */
public final class GrpcHttp1BridgeFilterFactory implements HttpFilterFactory<Config, GrpcHttp1BridgeConfig> {

    @Override
    public String name() {
        return "envoy.filters.http.grpc_http1_bridge";
    }

    @Override
    public Class<Config> configType() {
        return Config.class;
    }

    @Override
    public Class<GrpcHttp1BridgeConfig> recordType() {
        return GrpcHttp1BridgeConfig.class;
    }

    @Override
    public GrpcHttp1BridgeConfig validate(Config config, ValidationContext context) {
        return new GrpcHttp1BridgeConfig(config.getUpgradeProtobufToGrpc(), config.getIgnoreQueryParameters());
    }

    @Override
    public HttpFilter.Maker create(GrpcHttp1BridgeConfig config, FilterContext context) {
        return exchange -> new GrpcHttp1BridgeFilter(exchange, config);
    }
}
