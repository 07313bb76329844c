package dev.starling.runtime.http.filter.grpc;

import dev.starling.config.http.GrpcWebConfig;
import dev.starling.config.proto.ValidationContext;
import dev.starling.runtime.http.filter.FilterContext;
import dev.starling.runtime.http.filter.HttpFilter;
import dev.starling.runtime.http.filter.HttpFilterFactory;
import io.envoyproxy.envoy.extensions.filters.http.grpc_web.v3.GrpcWeb;

/** {@code envoy.filters.http.grpc_web}. */
public final class GrpcWebFilterFactory implements HttpFilterFactory<GrpcWeb, GrpcWebConfig> {

    @Override
    public String name() {
        return "envoy.filters.http.grpc_web";
    }

    @Override
    public Class<GrpcWeb> configType() {
        return GrpcWeb.class;
    }

    @Override
    public Class<GrpcWebConfig> recordType() {
        return GrpcWebConfig.class;
    }

    @Override
    public GrpcWebConfig validate(GrpcWeb config, ValidationContext context) {
        return new GrpcWebConfig();
    }

    @Override
    public HttpFilter.Maker create(GrpcWebConfig config, FilterContext context) {
        return GrpcWebFilter::new;
    }
}
