package dev.starling.config.route;

import java.util.OptionalInt;

/**
 * {@code envoy.config.route.v3.RedirectAction}. Empty strings keep the request's own part.
 *
 * @param scheme new scheme, or empty
 * @param status 301, 302, 303, 307 or 308
 */
public record RedirectAction(
        String scheme, String host, OptionalInt port, PathChange path, int status, boolean stripQuery)
        implements Route.Action {

    /** What becomes of the path. */
    public sealed interface PathChange {
        enum None implements PathChange {
            NONE
        }

        /** May carry a query, which then replaces the request's. */
        record Replace(String path) implements PathChange {}

        record Prefix(String replacement) implements PathChange {}

        record Regex(com.google.re2j.Pattern pattern, String substitution) implements PathChange {}
    }
}
