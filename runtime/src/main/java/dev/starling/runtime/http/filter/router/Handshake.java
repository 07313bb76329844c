package dev.starling.runtime.http.filter.router;

import dev.starling.config.route.RouteAction;
import dev.starling.config.route.UpgradeConfig;
import dev.starling.runtime.http.filter.ExchangeContext;
import dev.starling.runtime.message.RequestHead;
import dev.starling.runtime.message.ResponseHead;

/** What the router does for some requests that ask for a tunnel and not for others. */
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

    /** Whether the bytes of the request go on by TCP. */
    static boolean endsHere(RouteAction route, RequestHead request) {
        if (route.upgrades().isEmpty()) {
            return false;
        }
        for (UpgradeConfig upgrade : route.upgrades()) {
            if (upgrade.connect().isPresent()) {
                return request.isConnect()
                        || (request.method().equals("POST")
                                && upgrade.connect().get().allowPost());
            }
        }
        return false;
    }

    private static boolean isWebSocket(RequestHead request) {
        return request.upgrade().equals("websocket");
    }
}
