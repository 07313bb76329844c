package dev.starling.config.proto.route;

import dev.starling.config.proto.ValidationContext;
import dev.starling.config.proto.core.Elements;
import dev.starling.config.route.RouteConfiguration;
import dev.starling.config.route.ScopedRoute;
import io.envoyproxy.envoy.config.route.v3.ScopedRouteConfiguration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads {@code envoy.config.route.v3.ScopedRouteConfiguration}. */
public final class ScopedRouteReader {

    private ScopedRouteReader() {}

    /** Null after a problem. */
    public static @Nullable ScopedRoute read(ScopedRouteConfiguration message, ValidationContext context) {
        Optional<RouteConfiguration> routes = message.hasRouteConfiguration()
                ? Optional.ofNullable(RouteConfigurationReader.read(
                        message.getRouteConfiguration(), false, context.field("route_configuration")))
                : Optional.empty();
        if (message.hasRouteConfiguration()
                == !message.getRouteConfigurationName().isEmpty()) {
            context.problem("Only one of route_configuration or route_configuration_name can be set.");
        }
        var key = Elements.read(
                message.getKey().getFragmentsList(),
                context.field("key"),
                "fragments",
                (fragment, _) -> fragment.getStringKey());
        return context.failed()
                ? null
                : new ScopedRoute(
                        message.getName(), key, message.getOnDemand(), message.getRouteConfigurationName(), routes);
    }
}
