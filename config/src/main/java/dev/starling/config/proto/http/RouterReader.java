package dev.starling.config.proto.http;

import dev.starling.config.http.RouterConfig;
import io.envoyproxy.envoy.extensions.filters.http.router.v3.Router;

/** Reads the configuration of the router filter. */
public final class RouterReader {

    private RouterReader() {}

    public static RouterConfig read(Router message) {
        return new RouterConfig(
                !message.hasDynamicStats() || message.getDynamicStats().getValue(),
                message.getSuppressEnvoyHeaders(),
                message.getRespectExpectedRqTimeout(),
                message.getSuppressGrpcRequestFailureCodeStats());
    }
}
