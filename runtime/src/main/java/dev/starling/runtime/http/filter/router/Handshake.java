package dev.starling.runtime.http.filter.router;

import dev.starling.runtime.http.filter.ExchangeContext;
import dev.starling.runtime.message.RequestHead;
import dev.starling.runtime.message.ResponseHead;

/** What Envoy does for WebSocket and for no other upgrade. */
final class Handshake {

    static final String FAILED = "websocket_handshake_unsuccessful";

    private Handshake() {}

    /** Whether the route's timeout runs although the request, a tunnel yet to be opened, will not be complete before. */
    static boolean awaited(ExchangeContext context) {
        return isWebSocket(context.request()) && !context.responding();
    }

    /** Whether this is neither an upgrade nor an error: then it has no body, and does not count as the upstream's answer. */
    static boolean failed(RequestHead request, ResponseHead response) {
        return isWebSocket(request) && response.status() >= 200 && response.status() < 400;
    }

    private static boolean isWebSocket(RequestHead request) {
        return request.upgrade().equals("websocket");
    }
}
