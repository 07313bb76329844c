package dev.starling.config.route;

import dev.starling.config.discovery.ConfigSource;

/** Where a connection manager has its routes from. */
public sealed interface RouteSource permits RouteConfiguration, RouteSource.Rds, ScopedRoutes {

    /** From a control plane or a file, under this name. */
    record Rds(String name, ConfigSource source) implements RouteSource {}
}
