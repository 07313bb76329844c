package dev.starling.config.proto.route;

import com.google.protobuf.Any;
import dev.starling.config.proto.ExtensionCategory;
import dev.starling.config.proto.ExtensionFactory;
import dev.starling.config.proto.TypedConfig;
import dev.starling.config.proto.ValidationContext;
import dev.starling.config.route.FilterOverride;
import io.envoyproxy.envoy.config.route.v3.FilterConfig;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Reads a {@code typed_per_filter_config}. Which filters there are is not known here: names that no chain has do nothing. */
final class FilterOverridesReader {

    private static final String WRAPPER = FilterConfig.getDescriptor().getFullName();

    private FilterOverridesReader() {}

    /** By the name of the filter; without what has a problem. */
    static Map<String, FilterOverride> read(Map<String, Any> messages, ValidationContext context) {
        if (messages.isEmpty()) {
            return Map.of();
        }
        var overrides = new HashMap<String, FilterOverride>();
        messages.forEach((name, message) -> read(name, message, context.entry("typed_per_filter_config", name))
                .ifPresent(override -> overrides.put(name, override)));
        return overrides;
    }

    private static Optional<FilterOverride> read(String name, Any message, ValidationContext context) {
        if (!TypedConfig.nameIn(message.getTypeUrl()).equals(WRAPPER)) {
            return config(name, message, context);
        }
        // Bytes that are none of it have been told by the check of supported fields.
        return TypedConfig.unpackPlain(message).flatMap(wrapper -> wrapped(name, (FilterConfig) wrapper, context));
    }

    /** As in Envoy what is disabled may have any configuration, and one without a type asks for the filter as it is. */
    private static Optional<FilterOverride> wrapped(String name, FilterConfig message, ValidationContext context) {
        if (message.getDisabled()) {
            return Optional.of(FilterOverride.DISABLED);
        }
        if (!message.hasConfig()) {
            context.problem("Empty route/virtual host per filter configuration for " + name + " filter");
            return Optional.empty();
        }
        var config = message.getConfig();
        var at = context.field("config");
        if (config.getTypeUrl().isEmpty()) {
            return Optional.of(FilterOverride.ENABLED);
        }
        if (message.getIsOptional() && !known(config, context)) {
            at.warning("no implementation for the optional configuration of " + name + ": it is left out");
            return Optional.of(FilterOverride.ENABLED);
        }
        return config(name, config, at);
    }

    private static boolean known(Any config, ValidationContext context) {
        String type = TypedConfig.typeName(config);
        return context.extensions()
                        .find(ExtensionCategory.HTTP_FILTER_OVERRIDE, type)
                        .isPresent()
                || overrideOf(type, context).isPresent();
    }

    private static Optional<FilterOverride> config(String name, Any message, ValidationContext context) {
        String type = TypedConfig.typeName(message);
        if (context.extensions().find(ExtensionCategory.HTTP_FILTER, type).isPresent()) {
            context.problem(overrideOf(type, context)
                    .map(wanted -> "Unable to unpack as " + wanted.typeName())
                    .orElse("The filter " + name + " doesn't support virtual host or route specific configurations"));
            return Optional.empty();
        }
        var read = context.extensionHere(ExtensionCategory.HTTP_FILTER_OVERRIDE, name, message);
        return Optional.ofNullable(read).map(extension -> FilterOverride.of(extension.config()));
    }

    /** What a filter that is configured with this type takes from routes. */
    private static Optional<? extends ExtensionFactory<?>> overrideOf(String type, ValidationContext context) {
        var overrides = context.extensions().factories(ExtensionCategory.HTTP_FILTER_OVERRIDE);
        return context.extensions()
                .find(ExtensionCategory.HTTP_FILTER, type)
                .flatMap(filter -> overrides.values().stream()
                        .filter(override -> override.name().equals(filter.name()))
                        .findFirst());
    }
}
