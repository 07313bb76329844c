package dev.starling.runtime.http.filter.router;

import dev.starling.config.cluster.UpstreamProxyProtocol;
import dev.starling.config.listener.filter.TlvFilter;
import dev.starling.config.route.RouteAction;
import dev.starling.config.route.UpgradeConfig;
import dev.starling.config.route.UpgradeConfig.ConnectConfig;
import dev.starling.runtime.http.filter.ExchangeContext;
import dev.starling.runtime.message.DownstreamConnection;
import dev.starling.runtime.message.RequestHead;
import dev.starling.runtime.message.ResponseHead;
import dev.starling.runtime.proxyprotocol.ProxyHeaderWriter;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the router does for some requests that ask for a tunnel and not for others. */
final class Handshake {

    static final String FAILED = "websocket_handshake_unsuccessful";

    private static final byte[] NOTHING = {};

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
        ConnectConfig config = connect(route);
        return config != null && (request.isConnect() || (request.method().equals("POST") && config.allowPost()));
    }

    /** What those bytes begin with: who the client is, if the endpoint is to be told; empty if not. */
    static byte[] header(RouteAction route, DownstreamConnection client) {
        ConnectConfig config = connect(route);
        if (config == null || config.proxyHeader().isEmpty()) {
            return NOTHING;
        }
        UpstreamProxyProtocol form =
                new UpstreamProxyProtocol(config.proxyHeader().get(), TlvFilter.NONE, List.of(), false);
        return new ProxyHeaderWriter(form).header(client.proxyHeader());
    }

    private static @Nullable ConnectConfig connect(RouteAction route) {
        for (int i = 0; i < route.upgrades().size(); i++) {
            UpgradeConfig upgrade = route.upgrades().get(i);
            if (upgrade.connect().isPresent()) {
                return upgrade.connect().get();
            }
        }
        return null;
    }

    private static boolean isWebSocket(RequestHead request) {
        return request.upgrade().equals("websocket");
    }
}
