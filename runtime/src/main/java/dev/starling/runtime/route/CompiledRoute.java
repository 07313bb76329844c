package dev.starling.runtime.route;

import dev.starling.runtime.message.RequestHead;

/** A route and the answer to a request that matches it. */
record CompiledRoute(RouteMatcher matcher, Action action) {

    @FunctionalInterface
    interface Action {
        RouteResult result(RequestHead head, long random);
    }

    RouteResult result(RequestHead head, long random) {
        return action.result(head, random);
    }
}
