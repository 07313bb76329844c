package dev.starling.config.matcher;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;

/**
 * Compiles regular expressions with the bounds of RE2 that RE2/J lacks: without them a few characters such as
 * {@code (a{1,1000}){1,1000}} fill the heap or the stack, and any request to the admin server may bring some.
 */
public final class RegexCompiler {

    /** RE2's own, for repetitions within repetitions and for groups within groups. */
    private static final int MAX_REPETITION = 1000;

    private static final int MAX_DEPTH = 1000;

    /** About what RE2's default budget of 8 MiB holds. */
    private static final long MAX_ATOMS = 100_000;

    private RegexCompiler() {}

    /** @throws PatternSyntaxException for what is no expression of RE2, or too large a one */
    public static Pattern compile(String expression) {
        new Scan(expression).measure();
        return Pattern.compile(expression);
    }

    /** One pass over the text. What is not RE2 is left to the compiler, so nothing here needs to be right for it. */
    private static final class Scan {

        private final String text;
        private int at;

        Scan(String text) {
            this.text = text;
        }

        /** What a piece of the expression expands to: so many atoms, the innermost of which repeats so many times. */
        private record Size(long atoms, long repetition) {

            static final Size EMPTY = new Size(0, 1);
            static final Size ATOM = new Size(1, 1);

            Size and(Size other) {
                return new Size(atoms + other.atoms, Math.max(repetition, other.repetition));
            }

            Size times(int times) {
                return new Size(atoms * times, repetition * times);
            }
        }

        void measure() {
            Size[] outer = new Size[MAX_DEPTH + 1];
            int depth = 0;
            Size group = Size.EMPTY;
            while (at < text.length()) {
                char c = text.charAt(at);
                Size piece = Size.ATOM;
                if (c == '(') {
                    if (depth == MAX_DEPTH) {
                        throw new PatternSyntaxException("expression nests too deeply", text);
                    }
                    outer[depth++] = group;
                    group = Size.EMPTY;
                    at++;
                    continue;
                } else if (c == ')' && depth > 0) {
                    piece = group.and(Size.ATOM);
                    group = outer[--depth];
                    at++;
                } else if (c == '\\') {
                    piece = escape();
                } else if (c == '[') {
                    skipClass();
                } else {
                    at++;
                }
                group = group.and(repeated(piece));
                if (group.atoms() > MAX_ATOMS) {
                    throw new PatternSyntaxException("pattern too large", "compile failed");
                }
            }
        }

        private Size escape() {
            if (!text.startsWith("\\Q", at)) {
                at += 2;
                return Size.ATOM;
            }
            int end = text.indexOf("\\E", at);
            int length = (end < 0 ? text.length() : end) - at;
            at = end < 0 ? text.length() : end + 2;
            return new Size(length, 1);
        }

        /** A closing bracket in the first place belongs to the class, as do those of {@code [:alpha:]}. */
        private void skipClass() {
            at++;
            if (at < text.length() && text.charAt(at) == '^') {
                at++;
            }
            int first = at;
            while (at < text.length() && (text.charAt(at) != ']' || at == first)) {
                int named = text.startsWith("[:", at) ? text.indexOf(":]", at + 2) : -1;
                if (named >= 0) {
                    at = named + 2;
                } else {
                    at += text.charAt(at) == '\\' ? 2 : 1;
                }
            }
            at++;
        }

        /** With the <code>{2,5}</code> that follows; any other brace is a character. */
        private Size repeated(Size piece) {
            int close = at < text.length() && text.charAt(at) == '{' ? text.indexOf('}', at) : -1;
            if (close < 0) {
                return piece;
            }
            String[] bounds = text.substring(at + 1, close).split(",", -1);
            int times = times(bounds);
            if (times < 0) {
                return piece;
            }
            Size whole = piece.times(times);
            if (whole.repetition() > MAX_REPETITION) {
                throw new PatternSyntaxException("invalid repeat count", text.substring(at, close + 1));
            }
            at = close + 1;
            return whole;
        }

        private static int times(String... bounds) {
            String most = bounds.length == 2 && !bounds[1].isEmpty() ? bounds[1] : bounds[0];
            boolean digits = bounds.length <= 2
                    && !bounds[0].isEmpty()
                    && (bounds[0] + most).chars().allMatch(c -> c >= '0' && c <= '9');
            if (!digits) {
                return -1;
            }
            // any count of five digits is beyond the bound
            return most.length() > 4 ? MAX_REPETITION + 1 : Math.max(1, Integer.parseInt(most));
        }
    }
}
