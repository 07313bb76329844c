package dev.starling.runtime.route;

import dev.starling.runtime.message.Headers;

/**
 * Answer with a fixed status and body.
 *
 * @param body do not modify
 * @param location the request's own URL, which Envoy adds to 201 and 3xx; otherwise empty
 */
@SuppressWarnings("ArrayRecordComponent") // the bytes are written as they are; nothing compares results
public record DirectResponse(int status, byte[] body, String location, RouteEntry entry) implements RouteResult {

    @Override
    public void finalizeResponse(Headers headers, FormatContext context) {
        entry.finalizeResponse(headers, context);
    }
}
