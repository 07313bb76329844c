package dev.starling.runtime.route;

import dev.starling.config.matcher.QueryParameterMatcher;
import dev.starling.config.matcher.QueryParameterMatcher.Rule;

/** A query parameter matcher: the first parameter of the name counts, as it stands in the URL, nothing decoded. */
final class QueryMatch {

    private final String name;
    private final Rule rule;

    QueryMatch(QueryParameterMatcher config) {
        this.name = config.name();
        this.rule = config.rule();
    }

    boolean matches(String path) {
        int at = find(path);
        return switch (rule) {
            case Rule.Present(boolean present) -> present == (at >= 0);
            case Rule.Text(var matcher) -> at >= 0 && matcher.matches(value(path, at));
        };
    }

    /** Where the first parameter of the name ends, before its {@code =} if it has one; or -1. */
    private int find(String path) {
        int start = path.indexOf('?') + 1;
        while (start > 0 && start < path.length()) {
            int end = endOfParameter(path, start);
            int afterName = start + name.length();
            if (path.startsWith(name, start)
                    && (afterName == end || (afterName < end && path.charAt(afterName) == '='))) {
                return afterName;
            }
            start = end + 1;
        }
        return -1;
    }

    private static String value(String path, int afterName) {
        int end = endOfParameter(path, afterName);
        return afterName == end ? "" : path.substring(afterName + 1, end);
    }

    private static int endOfParameter(String path, int from) {
        int end = path.indexOf('&', from);
        return end < 0 ? path.length() : end;
    }
}
