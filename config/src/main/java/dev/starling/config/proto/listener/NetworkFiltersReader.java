package dev.starling.config.proto.listener;

import dev.starling.config.Extension;
import dev.starling.config.proto.ExtensionCategory;
import dev.starling.config.proto.ExtensionFactory;
import dev.starling.config.proto.TypedConfig;
import dev.starling.config.proto.ValidationContext;
import dev.starling.config.proto.core.Elements;
import io.envoyproxy.envoy.config.listener.v3.Filter;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads a chain of network filters, of which the last, and no other, must be terminal. */
final class NetworkFiltersReader {

    private NetworkFiltersReader() {}

    /** An empty chain closes its connections. */
    static List<Extension> read(List<Filter> messages, ValidationContext context) {
        for (int i = 0; i < messages.size(); i++) {
            var message = messages.get(i);
            boolean isLast = i == messages.size() - 1;
            var at = context.field("filters", i);
            context.extensions()
                    .find(ExtensionCategory.NETWORK_FILTER, TypedConfig.typeName(message.getTypedConfig()))
                    .ifPresent(factory -> checkPlace(message, factory, isLast, at));
        }
        return Elements.read(messages, context, "filters", NetworkFiltersReader::filter);
    }

    private static void checkPlace(
            Filter message, ExtensionFactory<?> factory, boolean isLast, ValidationContext context) {
        String filter = "filter named " + message.getName() + " of type " + factory.name();
        if (factory.terminal() && !isLast) {
            context.problem("Error: terminal " + filter + " must be the last filter in a network filter chain.");
        } else if (!factory.terminal() && isLast) {
            context.problem("Error: non-terminal " + filter + " is the last filter in a network filter chain.");
        }
    }

    private static @Nullable Extension filter(Filter message, ValidationContext context) {
        if (message.hasConfigDiscovery()) {
            context.field("config_discovery").problem("filters from extension discovery are not supported yet");
            return null;
        }
        return context.extension(ExtensionCategory.NETWORK_FILTER, message.getName(), message.getTypedConfig());
    }
}
