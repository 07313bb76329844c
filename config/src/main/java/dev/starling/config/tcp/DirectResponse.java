package dev.starling.config.tcp;

/** {@code envoy.extensions.filters.network.direct_response.v3.Config}: writes the text and closes. */
public record DirectResponse(String response) {}
