package dev.starling.config.proto.core;

import dev.starling.config.Metadata;
import java.util.LinkedHashMap;
import java.util.Map;

/** Reads {@code envoy.config.core.v3.Metadata}. */
public final class MetadataReader {

    private MetadataReader() {}

    public static Metadata read(io.envoyproxy.envoy.config.core.v3.Metadata message) {
        if (message.getFilterMetadataCount() == 0) {
            return Metadata.NONE;
        }
        var namespaces = new LinkedHashMap<String, Map<String, Object>>();
        message.getFilterMetadataMap().forEach((name, struct) -> namespaces.put(name, StructReader.read(struct)));
        return new Metadata(namespaces);
    }
}
