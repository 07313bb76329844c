package dev.starling.config.proto.listener;

import dev.starling.config.Extension;
import dev.starling.config.proto.ExtensionCategory;
import dev.starling.config.proto.ExtensionFactory;
import dev.starling.config.proto.TypedConfig;
import dev.starling.config.proto.ValidationContext;
import dev.starling.config.proto.discovery.ExtensionConfigSourceReader;
import io.envoyproxy.envoy.config.listener.v3.Filter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads a chain of network filters, of which the last, and no other, must be terminal. */
final class NetworkFiltersReader {

    private NetworkFiltersReader() {}

    /** An empty chain closes its connections. */
    static List<Extension> read(List<Filter> messages, ValidationContext context) {
        var filters = new ArrayList<Extension>(messages.size());
        for (int i = 0; i < messages.size(); i++) {
            var filter = filter(messages.get(i), i == messages.size() - 1, context.field("filters", i));
            if (filter != null) {
                filters.add(filter);
            }
        }
        return filters;
    }

    private static @Nullable Extension filter(Filter message, boolean isLast, ValidationContext context) {
        if (message.hasConfigDiscovery()) {
            // As in Envoy it is the configuration that is refused when it comes, not the listener.
            return ExtensionConfigSourceReader.read(
                    message.getConfigDiscovery(),
                    message.getName(),
                    ExtensionCategory.NETWORK_FILTER,
                    factory -> misplaced(message, factory, isLast),
                    context.field("config_discovery"));
        }
        context.extensions()
                .find(ExtensionCategory.NETWORK_FILTER, TypedConfig.typeName(message.getTypedConfig()))
                .flatMap(factory -> misplaced(message, factory, isLast))
                .ifPresent(context::problem);
        return context.extension(ExtensionCategory.NETWORK_FILTER, message.getName(), message.getTypedConfig());
    }

    private static Optional<String> misplaced(Filter message, ExtensionFactory<?> factory, boolean isLast) {
        if (factory.terminal() == isLast) {
            return Optional.empty();
        }
        String filter = "filter named " + message.getName() + " of type " + factory.name();
        return Optional.of(
                isLast
                        ? "Error: non-terminal " + filter + " is the last filter in a network filter chain."
                        : "Error: terminal " + filter + " must be the last filter in a network filter chain.");
    }
}
