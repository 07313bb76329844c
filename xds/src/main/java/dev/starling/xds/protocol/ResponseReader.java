package dev.starling.xds.protocol;

import dev.starling.config.InvalidConfigException;
import dev.starling.config.proto.ConfigReader;
import dev.starling.config.proto.UnknownFields;
import dev.starling.config.proto.source.ConfigText;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryResponse;
import java.util.List;

/** Reads a response of the state of the world from text. */
@FunctionalInterface
public interface ResponseReader {

    /** @throws InvalidConfigException if it is none */
    DiscoveryResponse read(ConfigText text) throws InvalidConfigException;

    /** One with any problem is refused as a whole, as with Envoy. */
    static ResponseReader by(ConfigReader reader, UnknownFields unknownFields) {
        return text -> {
            var checked = reader.read(DiscoveryResponse.getDefaultInstance(), List.of(text), unknownFields);
            checked.problems().throwIfAny();
            return checked.message();
        };
    }
}
