package dev.starling.config.route;

import java.util.List;
import java.util.Optional;

/**
 * {@code envoy.config.route.v3.ScopedRouteConfiguration}, validated.
 *
 * @param key one text for each part of the key
 * @param onDemand its routes are fetched when a request asks for them
 * @param routeConfiguration the name of its routes; empty if it brings them
 */
public record ScopedRoute(
        String name,
        List<String> key,
        boolean onDemand,
        String routeConfiguration,
        Optional<RouteConfiguration> inline) {
    public ScopedRoute {
        key = List.copyOf(key);
    }
}
