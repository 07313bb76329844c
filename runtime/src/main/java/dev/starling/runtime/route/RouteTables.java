package dev.starling.runtime.route;

import dev.starling.config.route.RouteSource;
import java.util.function.Supplier;

/** Where connection managers get their route tables: compiled now, replaced when the route configuration changes. */
@FunctionalInterface
public interface RouteTables {

    /**
     * The current table for route configurations of this source; asked by the data path with each exchange, so it must be a read.
     *
     * @param statPrefix of the connection manager that asks
     */
    Supplier<RouteTable> table(RouteSource source, String statPrefix);
}
