package dev.starling.runtime.route;

import dev.starling.config.FractionalPercent;
import dev.starling.config.route.RouteMatch;
import dev.starling.runtime.grpc.ContentTypes;
import dev.starling.runtime.layered.RuntimeSnapshot;
import dev.starling.runtime.message.HeaderName;
import dev.starling.runtime.message.RequestHead;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Whether a request meets all that a route asks; the cheapest questions first. */
final class RouteMatcher {

    private final PathMatch path;
    private final HeaderMatch[] headers;
    private final QueryMatch[] queryParameters;
    private final boolean grpcOnly;
    private final @Nullable FractionalPercent fraction;
    private final Supplier<RuntimeSnapshot> runtime;

    RouteMatcher(RouteMatch config, Supplier<RuntimeSnapshot> runtime) {
        this.runtime = runtime;
        this.path = PathMatch.compile(config);
        this.headers = config.headers().stream().map(HeaderMatch::new).toArray(HeaderMatch[]::new);
        this.queryParameters =
                config.queryParameters().stream().map(QueryMatch::new).toArray(QueryMatch[]::new);
        this.grpcOnly = config.grpcOnly();
        this.fraction = config.runtimeFraction().orElse(null);
    }

    PathMatch path() {
        return path;
    }

    /** @param pathEnd where the query or fragment of the path starts */
    boolean matches(RequestHead head, int pathEnd, long random) {
        return matchesPath(head, pathEnd)
                && (fraction == null || runtime.get().selects(fraction, random))
                && (!grpcOnly || isGrpc(head))
                && matchesHeaders(head)
                && matchesQuery(head.path());
    }

    private boolean matchesPath(RequestHead head, int pathEnd) {
        if (path == PathMatch.Connect.CONNECT) {
            return head.isConnect() || head.upgrade().equals("connect-udp");
        }
        return !head.path().isEmpty() && path.matches(head.path(), pathEnd);
    }

    private static boolean isGrpc(RequestHead head) {
        return ContentTypes.isGrpc(head.headers().get(HeaderName.CONTENT_TYPE));
    }

    private boolean matchesHeaders(RequestHead head) {
        for (HeaderMatch header : headers) {
            if (!header.matches(head)) {
                return false;
            }
        }
        return true;
    }

    private boolean matchesQuery(String target) {
        for (QueryMatch parameter : queryParameters) {
            if (!parameter.matches(target)) {
                return false;
            }
        }
        return true;
    }
}
