package dev.starling.xds.file;

import dev.starling.config.InvalidConfigException;
import dev.starling.config.proto.ConfigReader;
import dev.starling.config.proto.UnknownFields;
import dev.starling.config.proto.source.ConfigText;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryResponse;
import java.nio.file.Path;
import java.util.List;

/** Reads a response of the state of the world from a file. */
@FunctionalInterface
public interface FileReader {

    /** @throws InvalidConfigException if it cannot be read or is no response */
    DiscoveryResponse read(Path file) throws InvalidConfigException;

    /** In every format that a bootstrap can have; a file with any problem is refused as a whole, as with Envoy. */
    static FileReader by(ConfigReader reader, UnknownFields unknownFields) {
        return file -> {
            var checked =
                    reader.read(DiscoveryResponse.getDefaultInstance(), List.of(ConfigText.file(file)), unknownFields);
            checked.problems().throwIfAny();
            return checked.message();
        };
    }
}
