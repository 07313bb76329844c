package dev.starling.config.route;

import dev.starling.config.HeaderMutations;
import dev.starling.config.Metadata;
import java.util.Map;
import java.util.OptionalLong;

/**
 * {@code envoy.config.route.v3.Route}.
 *
 * @param name may be empty
 * @param statPrefix empty: no stats of its own
 * @param filterOverrides by the name of the filter
 * @param requestBufferLimit {@code per_request_buffer_limit_bytes}; absent: the virtual host's
 */
public record Route(
        String name,
        RouteMatch match,
        Action action,
        HeaderMutations headers,
        Metadata metadata,
        String statPrefix,
        Map<String, FilterOverride> filterOverrides,
        OptionalLong requestBufferLimit) {

    public Route {
        filterOverrides = Map.copyOf(filterOverrides);
    }

    /** What is done with a request that matches. */
    public sealed interface Action permits RouteAction, RedirectAction, DirectResponseAction, NonForwardingAction {}
}
