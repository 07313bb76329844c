package dev.starling.config;

import dev.starling.config.discovery.ConfigSource;
import dev.starling.config.http.HttpConnectionManager;
import dev.starling.config.http.HttpConnectionManager.CodecType;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * {@code envoy.config.core.v3.ExtensionConfigSource}, validated: the configuration of an extension that comes by itself. Stands
 * in the place of that configuration.
 *
 * @param fallback used as long as there is nothing else
 * @param atOnce whether nothing is waited for
 * @param types full names, of which the configuration must be one
 * @param misplaced by type, why one of them cannot stand in this place
 */
public record DiscoveredExtension(
        ConfigSource source,
        Optional<Extension> fallback,
        boolean atOnce,
        Set<String> types,
        Map<String, String> misplaced) {
    public DiscoveredExtension {
        types = Set.copyOf(types);
        misplaced = Map.copyOf(misplaced);
    }

    /** Why it is of no use here, if so. */
    public Optional<String> objection(Extension extension) {
        String type = extension.typeUrl();
        if (!types.contains(type)) {
            return Optional.of("Error: filter config has type URL " + type + " but expect "
                    + types.stream().sorted().collect(Collectors.joining(", ")) + ".");
        }
        if (extension.config() instanceof HttpConnectionManager manager && manager.codecType() == CodecType.HTTP3) {
            return Optional.of("HTTP/3 codec configured on non-QUIC listener."); // as those find nothing by themselves
        }
        return Optional.ofNullable(misplaced.get(type));
    }
}
