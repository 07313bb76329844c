package dev.starling.runtime.route;

import dev.starling.config.http.PathHandling;
import dev.starling.config.http.PathHandling.EscapedSlashes;
import dev.starling.runtime.route.PathVerdict.Fixed;

/**
 * What the connection manager does to a path before routing, in Envoy's order: escaped slashes, normalisation, merged
 * slashes. The query is left alone. A path that is fine as it is costs one scan and no allocation.
 */
public final class PathNormalizer {

    private final EscapedSlashes escapedSlashes;
    private final boolean normalize;
    private final boolean mergeSlashes;
    private final boolean nothing;

    public PathNormalizer(PathHandling handling) {
        this.escapedSlashes = handling.escapedSlashes();
        this.normalize = handling.normalize();
        this.mergeSlashes = handling.mergeSlashes();
        this.nothing = !normalize && !mergeSlashes && escapedSlashes == EscapedSlashes.KEEP_UNCHANGED;
    }

    /** @param target path and query; what does not start with a slash is left for others to refuse */
    public PathVerdict normalize(String target) {
        if (target.indexOf('#') >= 0) {
            return Fixed.REJECTED;
        }
        if (!target.startsWith("/") || nothing) {
            return Fixed.UNCHANGED;
        }
        int query = target.indexOf('?');
        String before = query < 0 ? target : target.substring(0, query);
        String path = escapedSlashes == EscapedSlashes.KEEP_UNCHANGED ? before : unescapeSlashes(before);
        boolean unescaped = path.length() != before.length();
        if (unescaped && escapedSlashes == EscapedSlashes.REJECT_REQUEST) {
            return Fixed.REJECTED;
        }
        if (normalize) {
            String canonical = CanonicalPath.of(path);
            if (canonical == null) {
                return Fixed.REJECTED;
            }
            path = canonical;
        }
        if (mergeSlashes) {
            path = mergeSlashes(path);
        }
        if (path.equals(before)) {
            return Fixed.UNCHANGED;
        }
        String changed = query < 0 ? path : path + target.substring(query);
        return unescaped && escapedSlashes == EscapedSlashes.UNESCAPE_AND_REDIRECT
                ? new PathVerdict.Redirected(changed)
                : new PathVerdict.Changed(changed);
    }

    private static String unescapeSlashes(String path) {
        if (path.indexOf('%') < 0) {
            return path;
        }
        StringBuilder result = new StringBuilder(path.length());
        int i = 0;
        while (i < path.length()) {
            char slash = escapedSlashAt(path, i);
            result.append(slash == 0 ? path.charAt(i) : slash);
            i += slash == 0 ? 1 : 3;
        }
        return result.toString();
    }

    /** The slash or backslash that an escape at this place stands for, or 0. */
    private static char escapedSlashAt(String path, int i) {
        if (path.regionMatches(true, i, "%2f", 0, 3)) {
            return '/';
        }
        return path.regionMatches(true, i, "%5c", 0, 3) ? '\\' : 0;
    }

    /** As Envoy: only slashes become two, because one is kept at the start and one at the end. */
    private static String mergeSlashes(String path) {
        if (!path.contains("//")) {
            return path;
        }
        StringBuilder result = new StringBuilder(path.length());
        for (int i = 0; i < path.length(); i++) {
            if (path.charAt(i) != '/' || i == 0 || path.charAt(i - 1) != '/') {
                result.append(path.charAt(i));
            }
        }
        return result.length() == 1 ? "//" : result.toString();
    }
}
