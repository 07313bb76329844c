package dev.starling.config.tls;

import dev.starling.config.discovery.ConfigSource;

/**
 * {@code envoy.extensions.transport_sockets.tls.v3.SdsSecretConfig}: a secret by its name, and where it is had from.
 *
 * @param kind what it has to be
 */
public record SdsSecret(String name, ConfigSource source, Class<? extends Secret> kind) {}
