package dev.starling.runtime.route;

import dev.starling.config.route.RouteConfiguration;
import dev.starling.runtime.message.RequestHead;

/** The place where the current table of a route configuration is published. Any thread. */
public final class RouteSlot implements RouteTableSource {

    private volatile RouteTable current;

    public RouteSlot(RouteTable first) {
        this.current = first;
    }

    @Override
    public RouteTable table(RequestHead head) {
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
