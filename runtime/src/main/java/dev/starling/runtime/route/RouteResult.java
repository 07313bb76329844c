package dev.starling.runtime.route;

import dev.starling.runtime.message.Headers;

/** What a route configuration says about a request that has a route. */
public sealed interface RouteResult permits Forward, Redirect, DirectResponse {

    RouteEntry entry();

    /** What it says of HTTP filters. */
    default FilterOverrides filterOverrides() {
        return entry().filterOverrides();
    }

    /** Changes the head of the response, whoever made it, as route, virtual host and route configuration say. */
    void finalizeResponse(Headers headers, FormatContext context);
}
