package dev.starling.config.proto.tls;

import dev.starling.config.tls.DataSource;
import io.envoyproxy.envoy.config.core.v3.WatchedDirectory;
import java.util.Optional;

/** Reads where certificates and keys are kept, without looking there. */
final class DataSources {

    private DataSources() {}

    static Optional<DataSource> read(boolean present, io.envoyproxy.envoy.config.core.v3.DataSource message) {
        if (!present) {
            return Optional.empty();
        }
        return switch (message.getSpecifierCase()) {
            case FILENAME -> Optional.of(new DataSource.File(message.getFilename()));
            case INLINE_BYTES ->
                Optional.of(new DataSource.Inline(message.getInlineBytes().toByteArray()));
            case INLINE_STRING ->
                Optional.of(new DataSource.Inline(message.getInlineStringBytes().toByteArray()));
            case ENVIRONMENT_VARIABLE -> Optional.of(new DataSource.Environment(message.getEnvironmentVariable()));
            case SPECIFIER_NOT_SET -> Optional.empty();
        };
    }

    static Optional<String> watched(boolean present, WatchedDirectory message) {
        return present ? Optional.of(message.getPath()) : Optional.empty();
    }
}
