package dev.starling.runtime.route;

import org.jspecify.annotations.Nullable;

/**
 * The canonical form of a path, as Envoy has it from Chromium's URL library: dot segments resolved, escapes of unreserved
 * characters undone, characters that want escaping escaped, backslashes turned. All other escapes stay as they are, letter
 * case included. Path parameters of dot segments ({@code ..;x}) are dropped first, or they would hide the dots.
 */
final class CanonicalPath {

    private static final String ESCAPED = "\"<>^`{|}";
    private static final String HEX = "0123456789ABCDEF";

    private final String path;
    private final StringBuilder out;
    /** Where in the output the last percent sign stands that begins no valid escape. */
    private int strayPercent = Integer.MIN_VALUE;

    private CanonicalPath(String path) {
        this.path = path;
        this.out = new StringBuilder(path.length() + 8);
    }

    /** Null if there is none, because of an escaped NUL; the same string if it is canonical already. */
    static @Nullable String of(String path) {
        if (!needsWork(path)) {
            return path;
        }
        var canonical = new CanonicalPath(path.contains(".;") ? withoutDotParameters(path) : path);
        return canonical.build() ? canonical.out.toString() : null;
    }

    private static boolean needsWork(String path) {
        char before = 0;
        for (int i = 0; i < path.length(); i++) {
            char c = path.charAt(i);
            if (c == '%' || c == '\\' || (c == '.' && before == '/') || isEscaped(c)) {
                return true;
            }
            before = c;
        }
        return false;
    }

    private static boolean isEscaped(char c) {
        return c <= ' ' || c >= 0x7f || ESCAPED.indexOf(c) >= 0;
    }

    private static boolean isUnreserved(int c) {
        return (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z')
                || (c >= '0' && c <= '9')
                || c == '-'
                || c == '.'
                || c == '_'
                || c == '~';
    }

    private static String withoutDotParameters(String path) {
        String[] segments = path.split("/", -1);
        for (int i = 0; i < segments.length; i++) {
            if (segments[i].startsWith("..;")) {
                segments[i] = "..";
            } else if (segments[i].startsWith(".;")) {
                segments[i] = ".";
            }
        }
        return String.join("/", segments);
    }

    private boolean build() {
        int i = 0;
        while (i < path.length()) {
            char c = path.charAt(i);
            int dot = dotAt(i);
            if (dot > 0 && endsWithSlash()) {
                i = dotSegment(i + dot);
            } else if (c == '%') {
                int value = escapeAt(path, i);
                if (value == 0) {
                    return false;
                }
                i = value < 0 ? strayPercent(i) : escape(i, value);
            } else {
                put(c);
                i++;
            }
        }
        return true;
    }

    private void put(char c) {
        if (c == '\\') {
            out.append('/');
        } else if (isEscaped(c)) {
            out.append('%').append(HEX.charAt(c >> 4 & 15)).append(HEX.charAt(c & 15));
        } else {
            out.append(c);
        }
    }

    /** Handles a dot at the start of a segment; returns where to go on. */
    private int dotSegment(int afterDot) {
        if (endsSegment(afterDot)) {
            return Math.min(afterDot + 1, path.length());
        }
        int second = dotAt(afterDot);
        if (second > 0 && endsSegment(afterDot + second)) {
            backUp();
            return Math.min(afterDot + second + 1, path.length());
        }
        out.append('.');
        return afterDot;
    }

    /** Length of the dot, escaped or not, that stands here; 0 if none does. */
    private int dotAt(int i) {
        if (i < path.length() && path.charAt(i) == '.') {
            return 1;
        }
        return path.regionMatches(true, i, "%2e", 0, 3) ? 3 : 0;
    }

    private boolean endsSegment(int i) {
        return i == path.length() || path.charAt(i) == '/' || path.charAt(i) == '\\';
    }

    private boolean endsWithSlash() {
        return !out.isEmpty() && out.charAt(out.length() - 1) == '/';
    }

    /** Drops the last segment; the root stays. */
    private void backUp() {
        int slash = out.lastIndexOf("/", out.length() - 2);
        out.setLength(Math.max(slash, 0) + 1);
        if (strayPercent >= out.length()) {
            strayPercent = Integer.MIN_VALUE;
        }
    }

    private int strayPercent(int i) {
        strayPercent = out.length();
        out.append('%');
        return i + 1;
    }

    private int escape(int i, int value) {
        int next = i + 3;
        if (isUnreserved(value)) {
            out.append((char) value);
            defuse(next);
        } else {
            out.append(path, i, next);
        }
        return next;
    }

    /**
     * If the character just unescaped makes an escape of a stray percent sign before it, which was none in the input, the
     * percent sign itself is escaped: decoding twice must not find more than decoding once.
     */
    private void defuse(int next) {
        int length = out.length();
        if (strayPercent < length - 3 || strayPercent > length - 2) {
            return;
        }
        if (strayPercent == length - 2) {
            if (next == path.length()) {
                return;
            }
            out.append(path.charAt(next));
        }
        boolean dangerous = escapeAt(out, strayPercent) >= 0;
        out.setLength(length);
        if (dangerous) {
            out.insert(strayPercent + 1, "25");
        }
    }

    /** The value of the escape at this place, or -1 if there is no valid one. */
    private static int escapeAt(CharSequence text, int i) {
        if (i + 2 >= text.length()) {
            return -1;
        }
        int high = Character.digit(text.charAt(i + 1), 16);
        int low = Character.digit(text.charAt(i + 2), 16);
        return high < 0 || low < 0 ? -1 : high << 4 | low;
    }
}
