package dev.starling.config;

import dev.starling.config.discovery.ConfigSource;
import java.util.Optional;
import java.util.Set;

/**
 * {@code envoy.config.core.v3.ExtensionConfigSource}, validated: the configuration of an extension that comes by itself. Stands
 * in the place of that configuration.
 *
 * @param fallback used as long as there is nothing else
 * @param atOnce whether nothing is waited for; only with a fallback
 * @param types full names, of which the configuration must be one
 */
public record DiscoveredExtension(
        ConfigSource source, Optional<Extension> fallback, boolean atOnce, Set<String> types) {
    public DiscoveredExtension {
        types = Set.copyOf(types);
    }
}
