package dev.starling.xds.file;

import dev.starling.config.InvalidConfigException;
import dev.starling.config.proto.source.ConfigText;
import dev.starling.xds.protocol.ResponseReader;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryResponse;
import java.nio.file.Path;

/** Reads a response of the state of the world from a file. */
@FunctionalInterface
public interface FileReader {

    /** @throws InvalidConfigException if it cannot be read or is no response */
    DiscoveryResponse read(Path file) throws InvalidConfigException;

    /** In every format that a bootstrap can have. */
    static FileReader by(ResponseReader reader) {
        return file -> reader.read(ConfigText.file(file));
    }
}
