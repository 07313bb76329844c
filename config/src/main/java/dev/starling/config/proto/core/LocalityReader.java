package dev.starling.config.proto.core;

import dev.starling.config.Locality;

/** Reads {@code envoy.config.core.v3.Locality}. */
public final class LocalityReader {

    private LocalityReader() {}

    public static Locality read(io.envoyproxy.envoy.config.core.v3.Locality message) {
        return new Locality(message.getRegion(), message.getZone(), message.getSubZone());
    }
}
