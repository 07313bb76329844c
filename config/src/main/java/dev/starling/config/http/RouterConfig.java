package dev.starling.config.http;

/** {@code envoy.extensions.filters.http.router.v3.Router}. */
public record RouterConfig(boolean dynamicStats, boolean suppressEnvoyHeaders, boolean respectExpectedRqTimeout) {

    public static final RouterConfig DEFAULT = new RouterConfig(true, false, false);
}
