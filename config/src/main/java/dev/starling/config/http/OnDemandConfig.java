package dev.starling.config.http;

/** {@code envoy.extensions.filters.http.on_demand.v3.OnDemand}: nothing to say. */
public record OnDemandConfig() {}
