package dev.starling.config.proto.http;

import dev.starling.config.Extension;
import dev.starling.config.http.HttpFilterEntry;
import dev.starling.config.proto.ExtensionCategory;
import dev.starling.config.proto.ExtensionFactory;
import dev.starling.config.proto.TypedConfig;
import dev.starling.config.proto.ValidationContext;
import dev.starling.config.proto.discovery.ExtensionConfigSourceReader;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpFilter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads a chain of HTTP filters, of which the last, and no other, must be terminal. */
final class HttpFiltersReader {

    private HttpFiltersReader() {}

    /** Leaves out what has a problem. */
    static List<HttpFilterEntry> read(List<HttpFilter> messages, ValidationContext context, String field) {
        // Envoy takes an empty chain; its requests then wait for the idle timeout.
        if (messages.isEmpty()) {
            context.field(field).problem("must end with a terminal filter such as envoy.filters.http.router");
        }
        var filters = new ArrayList<HttpFilterEntry>(messages.size());
        for (int i = 0; i < messages.size(); i++) {
            var message = messages.get(i);
            var at = context.field(field, i);
            boolean last = i == messages.size() - 1;
            if (message.hasConfigDiscovery()) {
                add(discovered(message, last, at.field("config_discovery")), message, filters);
                continue;
            }
            var factory = context.extensions()
                    .find(ExtensionCategory.HTTP_FILTER, TypedConfig.typeName(message.getTypedConfig()));
            if (factory.isEmpty() && message.getIsOptional()) {
                at.warning("no implementation for the optional http filter " + message.getName() + ": it is left out");
                continue;
            }
            factory.ifPresent(found -> checkPlace(message, found, last, at));
            add(
                    at.extension(ExtensionCategory.HTTP_FILTER, message.getName(), message.getTypedConfig()),
                    message,
                    filters);
        }
        return filters;
    }

    private static void add(@Nullable Extension filter, HttpFilter message, List<HttpFilterEntry> filters) {
        if (filter != null) {
            filters.add(new HttpFilterEntry(filter, message.getDisabled()));
        }
    }

    private static @Nullable Extension discovered(HttpFilter message, boolean last, ValidationContext context) {
        var discovery = message.getConfigDiscovery();
        for (int i = 0; i < discovery.getTypeUrlsCount(); i++) {
            var at = context.field("type_urls", i);
            context.extensions()
                    .find(ExtensionCategory.HTTP_FILTER, TypedConfig.nameIn(discovery.getTypeUrls(i)))
                    .ifPresent(factory -> checkPlace(message, factory, last, at));
        }
        return ExtensionConfigSourceReader.read(
                discovery, message.getName(), ExtensionCategory.HTTP_FILTER, _ -> Optional.empty(), context);
    }

    private static void checkPlace(
            HttpFilter message, ExtensionFactory<?> factory, boolean last, ValidationContext context) {
        if (factory.terminal() && !last) {
            context.problem("Error: terminal filter named " + message.getName() + " of type " + factory.name()
                    + " must be the last filter in a http filter chain.");
        } else if (!factory.terminal() && last) {
            context.problem("Error: non-terminal filter named " + message.getName() + " of type " + factory.name()
                    + " is the last filter in a http filter chain.");
        } else if (last && message.getDisabled()) {
            context.field("disabled")
                    .problem("Error: the last (terminal) filter (" + message.getName()
                            + ") in the chain cannot be disabled by default.");
        }
    }
}
