package dev.starling.config.proto.discovery;

import dev.starling.config.discovery.ConfigSource;
import dev.starling.config.proto.ValidationContext;
import dev.starling.config.proto.core.DurationReader;
import io.envoyproxy.envoy.config.core.v3.ApiConfigSource.ApiType;
import java.io.File;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads {@code envoy.config.core.v3.ConfigSource}. */
@SuppressWarnings("deprecation") // Envoy still reads its deprecated fields, and so do we
public final class ConfigSourceReader {

    private static final Duration DEFAULT_INITIAL_FETCH_TIMEOUT = Duration.ofSeconds(15);

    private ConfigSourceReader() {}

    /** Null after a problem. */
    public static @Nullable ConfigSource read(
            io.envoyproxy.envoy.config.core.v3.ConfigSource message, ValidationContext context) {
        var timeout = DurationReader.readOr(
                DEFAULT_INITIAL_FETCH_TIMEOUT,
                message.hasInitialFetchTimeout(),
                message.getInitialFetchTimeout(),
                context.field("initial_fetch_timeout"));
        return switch (message.getConfigSourceSpecifierCase()) {
            case ADS -> new ConfigSource.Ads(timeout);
            case API_CONFIG_SOURCE -> {
                var source = message.getApiConfigSource();
                var at = context.field("api_config_source");
                if (source.getApiType() == ApiType.REST) {
                    var api = RestApiReader.read(source, at);
                    yield api == null ? null : new ConfigSource.Rest(api, timeout);
                }
                var api = ApiConfigSourceReader.read(source, at);
                yield api == null ? null : new ConfigSource.Grpc(api, timeout);
            }
            case PATH -> {
                mustExist(message.getPath(), context.field("path"));
                yield new ConfigSource.File(message.getPath(), Optional.empty(), timeout);
            }
            case PATH_CONFIG_SOURCE -> {
                var file = message.getPathConfigSource();
                mustExist(file.getPath(), context.field("path_config_source").field("path"));
                yield new ConfigSource.File(
                        file.getPath(),
                        file.hasWatchedDirectory()
                                ? Optional.of(file.getWatchedDirectory().getPath())
                                : Optional.empty(),
                        timeout);
            }
            case SELF -> {
                context.field("self").problem("is not implemented, in Envoy neither");
                yield null;
            }
            case CONFIGSOURCESPECIFIER_NOT_SET -> {
                context.problem("one of path_config_source, api_config_source, ads is required");
                yield null;
            }
        };
    }

    /** As in Envoy also where it is only to be validated: a file that comes later would never be noticed to be missing. */
    private static void mustExist(String path, ValidationContext context) {
        if (!path.isEmpty() && !new File(path).exists()) {
            context.problem("paths must refer to an existing path in the system: '" + path + "' does not exist");
        }
    }

    /** Empty where the field is absent, or after a problem. */
    public static Optional<ConfigSource> readIf(
            boolean present, io.envoyproxy.envoy.config.core.v3.ConfigSource message, ValidationContext context) {
        return present ? Optional.ofNullable(read(message, context)) : Optional.empty();
    }
}
