package dev.starling.runtime.route;

import com.google.re2j.Pattern;
import dev.starling.config.route.RouteMatch;
import dev.starling.config.route.RouteMatch.PathSpecifier;

/** A path specifier: compares the path up to its query or fragment, and says how much of it a prefix rewrite replaces. */
sealed interface PathMatch {

    /** @param end where the query or fragment starts, or the length */
    boolean matches(String path, int end);

    /** How many characters of a path that matches stand for the specifier. */
    int matchedLength(String path);

    static PathMatch compile(RouteMatch match) {
        boolean ignoreCase = !match.caseSensitive();
        return switch (match.path()) {
            case PathSpecifier.Prefix(var prefix) -> new Prefix(prefix, ignoreCase);
            case PathSpecifier.Exact(var path) -> new Exact(path, ignoreCase);
            case PathSpecifier.PathSeparatedPrefix(var prefix) -> new Segments(prefix, ignoreCase);
            case PathSpecifier.Regex(var pattern) -> new Regex(pattern);
            case PathSpecifier.Connect _ -> Connect.CONNECT;
        };
    }

    /** Where the query or fragment of a path starts, or its length. */
    static int pathEnd(String path) {
        for (int i = 0; i < path.length(); i++) {
            char c = path.charAt(i);
            if (c == '?' || c == '#') {
                return i;
            }
        }
        return path.length();
    }

    static String withoutQuery(String path) {
        return path.substring(0, pathEnd(path));
    }

    private static boolean startsWith(String path, String prefix, boolean ignoreCase) {
        return path.regionMatches(ignoreCase, 0, prefix, 0, prefix.length());
    }

    record Prefix(String prefix, boolean ignoreCase) implements PathMatch {
        @Override
        public boolean matches(String path, int end) {
            return end >= prefix.length() && startsWith(path, prefix, ignoreCase);
        }

        @Override
        public int matchedLength(String path) {
            return prefix.length();
        }
    }

    record Exact(String text, boolean ignoreCase) implements PathMatch {
        @Override
        public boolean matches(String path, int end) {
            return end == text.length() && startsWith(path, text, ignoreCase);
        }

        @Override
        public int matchedLength(String path) {
            return text.length();
        }
    }

    /** A prefix that ends where a segment ends. */
    record Segments(String prefix, boolean ignoreCase) implements PathMatch {
        @Override
        public boolean matches(String path, int end) {
            return end >= prefix.length()
                    && startsWith(path, prefix, ignoreCase)
                    && (end == prefix.length() || path.charAt(prefix.length()) == '/');
        }

        @Override
        public int matchedLength(String path) {
            return prefix.length();
        }
    }

    record Regex(Pattern pattern) implements PathMatch {
        @Override
        public boolean matches(String path, int end) {
            return pattern.matches(path.substring(0, end));
        }

        @Override
        public int matchedLength(String path) {
            return pathEnd(path);
        }
    }

    /** CONNECT is told by the method, not by the path. */
    enum Connect implements PathMatch {
        CONNECT;

        @Override
        public boolean matches(String path, int end) {
            return true;
        }

        @Override
        public int matchedLength(String path) {
            return pathEnd(path);
        }
    }
}
