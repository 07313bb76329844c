package dev.starling.runtime.route;

import dev.starling.config.route.RouteAction;
import dev.starling.config.route.RouteAction.HostRewrite;
import dev.starling.config.route.RouteAction.PathRewrite;
import dev.starling.runtime.message.HeaderName;
import dev.starling.runtime.message.RequestHead;
import org.jspecify.annotations.Nullable;

/** What a route does to the head of a request: header mutations, then the authority, then the path. */
@SuppressWarnings("ReferenceEquality") // "no change" is one object
final class RequestRewrite {

    private final HeaderEdits[] edits;
    private final HostRewrite hostRewrite;
    private final @Nullable Substitution hostFromPath;
    private final boolean appendForwardedHost;
    private final PathChange pathChange;
    private final boolean nothing;

    RequestRewrite(HeaderEdits[] edits, RouteAction action, PathMatch match) {
        this.edits = edits;
        this.hostRewrite = action.hostRewrite();
        this.hostFromPath = action.hostRewrite() instanceof HostRewrite.PathRegex(var pattern, var substitution)
                ? new Substitution(pattern, substitution)
                : null;
        this.appendForwardedHost = action.appendXForwardedHost();
        this.pathChange = switch (action.pathRewrite()) {
            case PathRewrite.None _ -> PathChange.NONE;
            case PathRewrite.Prefix(var replacement) -> PathChange.ofPrefix(match, replacement);
            case PathRewrite.Regex(var pattern, var substitution) ->
                PathChange.ofRegex(new Substitution(pattern, substitution));
        };
        this.nothing = edits.length == 0
                && pathChange == PathChange.NONE
                && (hostRewrite == HostRewrite.None.NONE || hostRewrite == HostRewrite.Auto.AUTO);
    }

    void apply(RequestHead head, FormatContext context, boolean keepOriginals) {
        if (nothing) {
            return;
        }
        for (HeaderEdits level : edits) {
            level.apply(head.headers(), context);
        }
        String host = newHost(head);
        if (!host.isEmpty()) {
            authority(head, host, keepOriginals);
        }
        if (pathChange != PathChange.NONE) {
            String before = head.path();
            String after = pathChange.apply(before);
            if (!after.isEmpty()) { // as Envoy: nothing cannot be asked for
                if (keepOriginals) {
                    head.headers().set(HeaderName.X_ENVOY_ORIGINAL_PATH, before);
                }
                head.path(after);
            }
        }
    }

    private String newHost(RequestHead head) {
        return switch (hostRewrite) {
            case HostRewrite.None _ -> "";
            case HostRewrite.Auto _ -> "";
            case HostRewrite.Literal(var host) -> host;
            case HostRewrite.Header(var header) -> {
                String value = head.get(header);
                yield value == null ? "" : value;
            }
            case HostRewrite.PathRegex _ ->
                hostFromPath == null ? "" : hostFromPath.replaceAll(PathMatch.withoutQuery(head.path()));
        };
    }

    /** Replaces the authority; the old one goes where the configuration wants it told. */
    void authority(RequestHead head, String host, boolean keepOriginals) {
        String before = head.authority();
        if (!before.isEmpty()) {
            if (keepOriginals) {
                head.headers().set(HeaderName.X_ENVOY_ORIGINAL_HOST, before);
            }
            if (appendForwardedHost) {
                appendForwardedHost(head, before);
            }
        }
        head.authority(host);
    }

    private static void appendForwardedHost(RequestHead head, String host) {
        String list = HeaderLines.joined(head.headers(), HeaderName.X_FORWARDED_HOST);
        if (list.isEmpty()) {
            head.headers().set(HeaderName.X_FORWARDED_HOST, host);
        } else if (!lastOf(list).equals(host)) {
            head.headers().set(HeaderName.X_FORWARDED_HOST, list + ',' + host);
        }
    }

    /** The last entry that is not blank, or the first if all are. */
    private static String lastOf(String list) {
        String rest = list;
        while (true) {
            int comma = rest.lastIndexOf(',');
            String last = rest.substring(comma + 1);
            if (comma < 0 || !last.isBlank()) {
                return last;
            }
            rest = rest.substring(0, comma);
        }
    }
}
