package dev.starling.runtime;

import dev.starling.config.proto.ConfigLoader;
import dev.starling.config.proto.ConfigReader;
import dev.starling.config.proto.ExtensionRegistry;
import dev.starling.config.proto.UnknownFields;
import dev.starling.config.proto.support.FieldSupport;
import java.util.Map;
import java.util.function.Supplier;

/**
 * How resources of control planes and their files are read.
 *
 * @param loader asked for once, before anything is started: it knows which fields are supported, or says that it does not
 * @param unknownFields what becomes of fields that are unknown or not supported
 */
public record DynamicReading(Supplier<ConfigLoader> loader, UnknownFields unknownFields) {

    /** As Envoy without flags: such fields are skipped with a warning. */
    static DynamicReading of(ExtensionRegistry extensions) {
        return new DynamicReading(
                () -> new ConfigLoader(new ConfigReader(FieldSupport.builtIn(), Map.of()), extensions),
                UnknownFields.WARN);
    }
}
