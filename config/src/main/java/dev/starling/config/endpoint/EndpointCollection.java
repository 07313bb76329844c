package dev.starling.config.endpoint;

import dev.starling.config.discovery.ConfigSource;

/**
 * Where the endpoints of a locality are that come one by one (LEDS).
 *
 * @param name {@code xdstp://authority/envoy.config.endpoint.v3.LbEndpoint/.../*}
 */
public record EndpointCollection(ConfigSource source, String name) {}
