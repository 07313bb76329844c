package dev.starling.runtime.route;

import dev.starling.runtime.message.Headers;

/**
 * Answer with a redirect and an empty body.
 *
 * @param location empty for none, as for a CONNECT request, which has no path
 */
public record Redirect(int status, String location, RouteEntry entry) implements RouteResult {

    @Override
    public void finalizeResponse(Headers headers, FormatContext context) {
        entry.finalizeResponse(headers, context);
    }
}
