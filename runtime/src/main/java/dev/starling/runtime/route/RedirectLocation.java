package dev.starling.runtime.route;

import dev.starling.config.route.RedirectAction;
import dev.starling.config.route.RedirectAction.PathChange.None;
import dev.starling.config.route.RedirectAction.PathChange.Prefix;
import dev.starling.config.route.RedirectAction.PathChange.Regex;
import dev.starling.config.route.RedirectAction.PathChange.Replace;
import dev.starling.runtime.message.HeaderName;
import dev.starling.runtime.message.RequestHead;
import java.util.OptionalInt;

/** Where a redirect leads: scheme, host, port and path, each from the configuration or from the request. */
final class RedirectLocation {

    /** Back to the request's own URL. */
    static final RedirectLocation SAME = new RedirectLocation("", "", "", "", PathChange.NONE, false);

    private final String scheme;
    private final String host;
    private final String colonPort;
    private final String fixedPath;
    private final PathChange pathChange;
    private final boolean stripQuery;

    private RedirectLocation(
            String scheme, String host, String colonPort, String fixedPath, PathChange pathChange, boolean stripQuery) {
        this.scheme = scheme;
        this.host = host;
        this.colonPort = colonPort;
        this.fixedPath = fixedPath;
        this.pathChange = pathChange;
        this.stripQuery = stripQuery;
    }

    static RedirectLocation of(RedirectAction action, PathMatch match) {
        return new RedirectLocation(
                action.scheme(),
                action.host(),
                colonPort(action.port()),
                action.path() instanceof Replace(var path) ? path : "",
                switch (action.path()) {
                    case None _, Replace _ -> PathChange.NONE;
                    case Prefix(var replacement) -> PathChange.ofPrefix(match, replacement);
                    case Regex(var pattern, var substitution) ->
                        PathChange.ofRegex(new Substitution(pattern, substitution));
                },
                action.stripQuery());
    }

    private static String colonPort(OptionalInt port) {
        return port.isPresent() ? ":" + port.getAsInt() : "";
    }

    /** Empty if the request has no path: CONNECT cannot be redirected. */
    String of(RequestHead head) {
        if (head.path().isEmpty()) {
            return "";
        }
        String toScheme = scheme.isEmpty() ? head.scheme() : scheme;
        String toHost = host.isEmpty() ? requestHost(head, toScheme) : host;
        String path = path(head.path());
        return toScheme + "://" + toHost + colonPort + (path.startsWith("/") ? "" : "/") + path;
    }

    private String path(String requestPath) {
        if (fixedPath.indexOf('?') >= 0) {
            return fixedPath; // a query of its own is never stripped
        }
        String changed = pathChange.apply(requestPath);
        int query = changed.indexOf('?');
        if (fixedPath.isEmpty()) {
            return stripQuery && query >= 0 ? changed.substring(0, query) : changed;
        }
        return stripQuery || query < 0 ? fixedPath : fixedPath + changed.substring(query);
    }

    /**
     * The request's authority, without its port if another is configured, or if it is the default port of a scheme that
     * changes. The scheme left behind is that of the connection, as x-forwarded-proto tells it, not that of the URL.
     */
    private String requestHost(RequestHead head, String toScheme) {
        String authority = head.authority();
        int colon = portColon(authority);
        if (colon < 0) {
            return authority;
        }
        String fromScheme = head.headers().get(HeaderName.X_FORWARDED_PROTO);
        boolean drop = !colonPort.isEmpty();
        if (fromScheme != null && !fromScheme.equals(toScheme)) {
            String port = authority.substring(colon);
            drop |= fromScheme.equalsIgnoreCase("https") && port.equals(":443");
            drop |= fromScheme.equalsIgnoreCase("http") && port.equals(":80");
        }
        return drop ? authority.substring(0, colon) : authority;
    }

    private static int portColon(String authority) {
        if (authority.startsWith("[")) {
            int bracket = authority.lastIndexOf("]:");
            return bracket < 0 ? -1 : bracket + 1;
        }
        return authority.lastIndexOf(':');
    }
}
