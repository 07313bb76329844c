package dev.starling.config.route;

import dev.starling.config.HeaderMutations;
import dev.starling.config.Metadata;

/**
 * {@code envoy.config.route.v3.Route}.
 *
 * @param name may be empty
 * @param statPrefix empty: no stats of its own
 */
public record Route(
        String name, RouteMatch match, Action action, HeaderMutations headers, Metadata metadata, String statPrefix) {

    /** What is done with a request that matches. */
    public sealed interface Action permits RouteAction, RedirectAction, DirectResponseAction, NonForwardingAction {}
}
