package dev.starling.config;

import java.util.Optional;

/**
 * One thing that is wrong with a configuration.
 *
 * @param path the field in Envoy's spelling, such as {@code static_resources.listeners[0].address}; empty for the whole
 * @param message what is wrong, for a person; never contains a secret
 * @param location where it stands in a file, if the format tells
 */
public record Problem(String path, String message, Optional<SourceLocation> location) {

    public static Problem at(String path, String message) {
        return new Problem(path, message, Optional.empty());
    }

    /** {@code envoy.yaml:12:7: static_resources.clusters[0].name: must not be empty}. */
    @Override
    public String toString() {
        String where = location.map(at -> at + ": ").orElse("");
        return path.isEmpty() ? where + message : where + path + ": " + message;
    }
}
