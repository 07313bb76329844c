package dev.starling.xds.health;

import dev.starling.config.InvalidConfigException;
import dev.starling.config.cluster.HealthCheckSpecifier;
import dev.starling.config.proto.ConfigLoader;
import dev.starling.config.proto.LoadedResource;
import dev.starling.config.proto.UnknownFields;
import java.util.function.Consumer;

/** Judges what a server wants checked. */
@FunctionalInterface
public interface SpecifierReader {

    /** @throws InvalidConfigException with all that is wrong with it */
    HealthCheckSpecifier read(io.envoyproxy.envoy.service.health.v3.HealthCheckSpecifier message)
            throws InvalidConfigException;

    /** @param remarks told of what was skipped or deserves a warning */
    static SpecifierReader by(ConfigLoader loader, UnknownFields unknownFields, Consumer<LoadedResource<?>> remarks) {
        return message -> {
            var loaded = loader.readHealthChecks(message, unknownFields);
            remarks.accept(loaded);
            return loaded.resource();
        };
    }
}
