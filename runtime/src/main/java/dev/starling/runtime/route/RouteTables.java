package dev.starling.runtime.route;

import dev.starling.config.route.RouteSource;

/** Where connection managers get their route tables: compiled now, replaced when the route configuration changes. */
@FunctionalInterface
public interface RouteTables {

    /**
     * Where the current tables for route configurations of this source are read.
     *
     * @param statPrefix of the connection manager that asks
     */
    RouteTableSource table(RouteSource source, String statPrefix);
}
