package dev.starling.runtime.route;

import dev.starling.config.route.VirtualHost;
import dev.starling.config.route.VirtualHost.TlsRequirement;
import dev.starling.runtime.message.HeaderName;
import dev.starling.runtime.message.RequestHead;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The routes of one virtual host, in order; the first that matches counts. */
final class VirtualHostRoutes {

    private static final int MOVED_PERMANENTLY = 301;

    private final VirtualHost config;
    private final CompiledRoute[] routes;
    private final RouteEntry tlsRedirect;

    VirtualHostRoutes(VirtualHost config, List<CompiledRoute> routes) {
        this.config = config;
        this.routes = routes.toArray(CompiledRoute[]::new);
        this.tlsRedirect = RouteEntry.ofTlsRedirect(config);
    }

    List<String> domains() {
        return config.domains();
    }

    @Nullable
    RouteResult route(RequestHead head, long random) {
        if (config.requireTls() != TlsRequirement.NONE && lacksTls(head)) {
            String location = head.path().isEmpty() ? "" : "https://" + head.authority() + head.path();
            return new Redirect(MOVED_PERMANENTLY, location, tlsRedirect);
        }
        int pathEnd = PathMatch.pathEnd(head.path());
        for (CompiledRoute route : routes) {
            if (route.matcher().matches(head, pathEnd, random)) {
                return route.result(head, random);
            }
        }
        return null;
    }

    private boolean lacksTls(RequestHead head) {
        String proto = head.headers().get(HeaderName.X_FORWARDED_PROTO);
        return !"https".equals(proto)
                && (config.requireTls() == TlsRequirement.ALL
                        || !"true".equals(head.headers().get(HeaderName.X_ENVOY_INTERNAL)));
    }
}
