package dev.starling.runtime.route;

import dev.starling.config.route.RouteConfiguration;
import java.util.function.Supplier;

/** The place where the current table of a route configuration is published. Any thread. */
public final class RouteSlot implements Supplier<RouteTable> {

    private volatile RouteTable current;

    public RouteSlot(RouteTable first) {
        this.current = first;
    }

    @Override
    public RouteTable get() {
        return current;
    }

    public RouteConfiguration config() {
        return current.config();
    }

    /** Requests are matched against this from now on; exchanges keep the route they have. */
    public void publish(RouteTable next) {
        current = next;
    }
}
