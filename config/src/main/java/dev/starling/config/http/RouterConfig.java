package dev.starling.config.http;

/**
 * {@code envoy.extensions.filters.http.router.v3.Router}.
 *
 * @param suppressGrpcCodeStats answers to gRPC requests count in no statistic by HTTP status
 */
public record RouterConfig(
        boolean dynamicStats,
        boolean suppressEnvoyHeaders,
        boolean respectExpectedRqTimeout,
        boolean suppressGrpcCodeStats) {

    public static final RouterConfig DEFAULT = new RouterConfig(true, false, false, false);
}
