package dev.starling.config;

import java.util.Map;

/**
 * Filter metadata by namespace, then key: strings, doubles, booleans, lists and maps, as a protobuf {@code Struct} holds.
 */
public record Metadata(Map<String, Map<String, Object>> filterMetadata) {

    public static final Metadata NONE = new Metadata(Map.of());

    public Metadata {
        filterMetadata = Map.copyOf(filterMetadata);
    }
}
