package dev.starling.config.tcp;

/** {@code envoy.extensions.filters.network.echo.v3.Echo}: returns what it reads. */
public record Echo() {}
