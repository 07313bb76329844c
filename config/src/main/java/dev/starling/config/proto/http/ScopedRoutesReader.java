package dev.starling.config.proto.http;

import dev.starling.config.proto.ValidationContext;
import dev.starling.config.proto.core.Elements;
import dev.starling.config.proto.core.Uint32Reader;
import dev.starling.config.proto.discovery.ConfigSourceReader;
import dev.starling.config.proto.discovery.ResourceSetReader;
import dev.starling.config.proto.route.ScopedRouteReader;
import dev.starling.config.route.ScopedRoute;
import dev.starling.config.route.ScopedRoutes;
import dev.starling.config.route.ScopedRoutes.Element;
import dev.starling.config.route.ScopedRoutes.KeyPart;
import dev.starling.config.route.ScopedRoutes.Scopes;
import io.envoyproxy.envoy.config.route.v3.ScopedRouteConfiguration;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.ScopedRoutes.ScopeKeyBuilder.FragmentBuilder;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Reads {@code scoped_routes} of a connection manager. */
final class ScopedRoutesReader {

    private ScopedRoutesReader() {}

    /** Null after a problem. */
    static @Nullable ScopedRoutes read(
            io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.ScopedRoutes message,
            ValidationContext context) {
        var key = Elements.read(
                message.getScopeKeyBuilder().getFragmentsList(),
                context.field("scope_key_builder"),
                "fragments",
                ScopedRoutesReader::part);
        var routes = ConfigSourceReader.readIf(
                message.hasRdsConfigSource(), message.getRdsConfigSource(), context.field("rds_config_source"));
        var scopes = scopes(message, context);
        if (scopes instanceof Scopes.Discovered && routes.isEmpty() && !context.failed()) {
            context.field("rds_config_source").problem("is needed by the scopes that are found");
        }
        return scopes == null || context.failed() ? null : new ScopedRoutes(message.getName(), key, routes, scopes);
    }

    private static @Nullable KeyPart part(FragmentBuilder message, ValidationContext context) {
        if (!message.hasHeaderValueExtractor()) {
            context.problem("one of header_value_extractor is required");
            return null;
        }
        var at = context.field("header_value_extractor");
        var extractor = message.getHeaderValueExtractor();
        String separator = extractor.getElementSeparator();
        Element element = switch (extractor.getExtractTypeCase()) {
            case INDEX -> new Element.At(Uint32Reader.clamped(extractor.getIndex()));
            case ELEMENT ->
                new Element.Of(
                        extractor.getElement().getKey(), extractor.getElement().getSeparator());
            case EXTRACTTYPE_NOT_SET -> {
                at.problem("one of index, element is required");
                yield new Element.At(0);
            }
        };
        if (element instanceof Element.At(int index) && index > 0 && separator.isEmpty()) {
            at.field("index").problem("Index > 0 for empty string element separator.");
        }
        return new KeyPart(extractor.getName().toLowerCase(Locale.ROOT), separator, element);
    }

    private static @Nullable Scopes scopes(
            io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.ScopedRoutes message,
            ValidationContext context) {
        return switch (message.getConfigSpecifierCase()) {
            case SCOPED_ROUTE_CONFIGURATIONS_LIST ->
                new Scopes.Inline(Elements.read(
                        message.getScopedRouteConfigurationsList().getScopedRouteConfigurationsList(),
                        context.field("scoped_route_configurations_list"),
                        "scoped_route_configurations",
                        ScopedRoutesReader::inline));
            case SCOPED_RDS -> {
                var scoped = context.field("scoped_rds");
                var found = message.getScopedRds();
                yield ResourceSetReader.read(
                                true,
                                found.getScopedRdsConfigSource(),
                                scoped.field("scoped_rds_config_source"),
                                found.getSrdsResourcesLocator(),
                                ScopedRouteConfiguration.getDescriptor(),
                                scoped.field("srds_resources_locator"))
                        .map(Scopes.Discovered::new)
                        .orElse(null);
            }
            case CONFIGSPECIFIER_NOT_SET -> {
                context.problem("one of scoped_route_configurations_list, scoped_rds is required");
                yield null;
            }
        };
    }

    private static @Nullable ScopedRoute inline(ScopedRouteConfiguration message, ValidationContext context) {
        if (!message.getRouteConfigurationName().isEmpty()) {
            context.field("route_configuration_name")
                    .problem("Fetching routes via RDS (route_configuration_name) is not supported with inline scoped"
                            + " routes.");
        } else if (!message.hasRouteConfiguration()) {
            context.problem("You must specify a route_configuration with inline scoped routes.");
        }
        return ScopedRouteReader.read(message, context);
    }
}
