package dev.starling.runtime.route;

import dev.starling.config.route.RouteConfiguration;
import java.util.function.Supplier;

/** Where connection managers get their route tables: compiled now, replaced when the route configuration changes. */
@FunctionalInterface
public interface RouteTables {

    /** The current table for a route configuration; asked by the data path with each exchange, so it must be a read. */
    Supplier<RouteTable> table(RouteConfiguration config);
}
