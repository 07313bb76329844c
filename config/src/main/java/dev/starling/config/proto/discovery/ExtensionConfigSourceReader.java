package dev.starling.config.proto.discovery;

import dev.starling.config.DiscoveredExtension;
import dev.starling.config.Extension;
import dev.starling.config.proto.ExtensionCategory;
import dev.starling.config.proto.TypedConfig;
import dev.starling.config.proto.ValidationContext;
import io.envoyproxy.envoy.config.core.v3.ExtensionConfigSource;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Reads {@code envoy.config.core.v3.ExtensionConfigSource}. */
public final class ExtensionConfigSourceReader {

    private ExtensionConfigSourceReader() {}

    /**
     * Null after a problem.
     *
     * @param name of the extension, and of its configuration
     */
    public static @Nullable DiscoveredExtension read(
            ExtensionConfigSource message, String name, ExtensionCategory category, ValidationContext context) {
        var source = ConfigSourceReader.read(message.getConfigSource(), context.field("config_source"));
        var types = message.getTypeUrlsList().stream().map(TypedConfig::nameIn).collect(Collectors.toSet());
        var fallback = message.hasDefaultConfig()
                ? Optional.ofNullable(
                        context.field("default_config").extension(category, name, message.getDefaultConfig()))
                : Optional.<Extension>empty();
        if (message.getApplyDefaultConfigWithoutWarming() && !message.hasDefaultConfig()) {
            context.field("apply_default_config_without_warming")
                    .problem("Error: filter config " + name + " applied without warming but has no default config.");
        }
        fallback.filter(extension -> !types.contains(extension.typeUrl()))
                .ifPresent(extension -> context.field("default_config")
                        .problem("Error: filter config has type URL " + extension.typeUrl() + " but expect "
                                + String.join(", ", types.stream().sorted().toList()) + "."));
        return source == null || context.failed()
                ? null
                : new DiscoveredExtension(source, fallback, message.getApplyDefaultConfigWithoutWarming(), types);
    }
}
