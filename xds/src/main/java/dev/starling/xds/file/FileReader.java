package dev.starling.xds.file;

import dev.starling.config.InvalidConfigException;
import dev.starling.config.proto.source.ConfigText;
import dev.starling.xds.protocol.ResponseReader;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryResponse;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Optional;

/** Reads a response of the state of the world from a file. */
@FunctionalInterface
public interface FileReader {

    /** @throws InvalidConfigException if it cannot be read or is no response */
    DiscoveryResponse read(Path file) throws InvalidConfigException;

    /** What is of this file only, as long as nobody writes to it; empty if that cannot be said. */
    default Optional<Object> identity(Path file) {
        try {
            var attributes = Files.readAttributes(file, BasicFileAttributes.class);
            return Optional.of(
                    List.of(String.valueOf(attributes.fileKey()), attributes.lastModifiedTime(), attributes.size()));
        } catch (IOException absent) {
            return Optional.empty();
        }
    }

    /** In every format that a bootstrap can have. */
    static FileReader by(ResponseReader reader) {
        return file -> reader.read(ConfigText.file(file));
    }
}
