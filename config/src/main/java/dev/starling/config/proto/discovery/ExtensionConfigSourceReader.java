package dev.starling.config.proto.discovery;

import dev.starling.config.DiscoveredExtension;
import dev.starling.config.Extension;
import dev.starling.config.proto.ExtensionCategory;
import dev.starling.config.proto.ExtensionFactory;
import dev.starling.config.proto.TypedConfig;
import dev.starling.config.proto.ValidationContext;
import io.envoyproxy.envoy.config.core.v3.ExtensionConfigSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Reads {@code envoy.config.core.v3.ExtensionConfigSource}. */
public final class ExtensionConfigSourceReader {

    private ExtensionConfigSourceReader() {}

    /**
     * An extension whose configuration is a {@link DiscoveredExtension}; null after a problem.
     *
     * @param name of the extension, and of its configuration
     * @param objection why what a factory makes cannot stand in this place, if so; told when such a configuration comes
     */
    public static @Nullable Extension read(
            ExtensionConfigSource message,
            String name,
            ExtensionCategory category,
            Function<ExtensionFactory<?>, Optional<String>> objection,
            ValidationContext context) {
        var source = ConfigSourceReader.read(message.getConfigSource(), context.field("config_source"));
        var types = message.getTypeUrlsList().stream().map(TypedConfig::nameIn).collect(Collectors.toSet());
        var misplaced = misplaced(message, category, objection, context);
        var fallback = message.hasDefaultConfig()
                ? Optional.ofNullable(
                        context.field("default_config").extension(category, name, message.getDefaultConfig()))
                : Optional.<Extension>empty();
        // Envoy does not ask this of network filters.
        if (message.getApplyDefaultConfigWithoutWarming()
                && !message.hasDefaultConfig()
                && category != ExtensionCategory.NETWORK_FILTER) {
            context.field("apply_default_config_without_warming")
                    .problem("Error: " + (category == ExtensionCategory.LISTENER_FILTER ? "listener " : "")
                            + "filter config " + name + " applied without warming but has no default config.");
        }
        if (source == null) {
            return null;
        }
        var read = new DiscoveredExtension(
                source, fallback, message.getApplyDefaultConfigWithoutWarming(), types, misplaced);
        fallback.flatMap(read::objection).ifPresent(context.field("default_config")::problem);
        return context.failed() ? null : new Extension(name, "", read);
    }

    /** By type. Whatever is not known could never come; Envoy says so of all filters but those of the network. */
    private static Map<String, String> misplaced(
            ExtensionConfigSource message,
            ExtensionCategory category,
            Function<ExtensionFactory<?>, Optional<String>> objection,
            ValidationContext context) {
        var misplaced = new HashMap<String, String>();
        for (int i = 0; i < message.getTypeUrlsCount(); i++) {
            String type = TypedConfig.nameIn(message.getTypeUrls(i));
            var factory = context.extensions().find(category, type);
            if (factory.isEmpty()) {
                context.field("type_urls", i)
                        .problem("Error: no " + (category == ExtensionCategory.LISTENER_FILTER ? "listener " : "")
                                + "factory found for a required type URL " + type + ".");
            }
            factory.flatMap(objection).ifPresent(why -> misplaced.put(type, why));
        }
        return misplaced;
    }
}
