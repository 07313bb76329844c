package dev.starling.config.listener.filter;

/** {@code envoy.extensions.filters.listener.http_inspector.v3.HttpInspector}. */
public record HttpInspector() {}
