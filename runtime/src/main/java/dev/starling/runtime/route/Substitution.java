package dev.starling.runtime.route;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import java.util.ArrayList;
import java.util.List;

/**
 * A pattern and what replaces each of its matches, in RE2's notation: {@code \0} to {@code \9} are groups, {@code \\} is a
 * backslash. As RE2's {@code GlobalReplace}, an empty match at the end of the match before is skipped, and a substitution
 * that names a group which is not there replaces nothing.
 */
final class Substitution {

    /** A piece of literal text, or a group of the match if {@code group >= 0}. */
    private record Piece(String text, int group) {}

    private final Pattern pattern;
    private final List<Piece> pieces;
    private final boolean valid;

    Substitution(Pattern pattern, String substitution) {
        this.pattern = pattern;
        List<Piece> parsed = new ArrayList<>();
        StringBuilder text = new StringBuilder();
        boolean sound = true;
        for (int i = 0; i < substitution.length(); i++) {
            char c = substitution.charAt(i);
            char next = i + 1 < substitution.length() ? substitution.charAt(i + 1) : ' ';
            if (c != '\\') {
                text.append(c);
            } else if (next == '\\') {
                text.append('\\');
                i++;
            } else if (next >= '0' && next <= '9' && next - '0' <= pattern.groupCount()) {
                parsed.add(new Piece(text.toString(), -1));
                parsed.add(new Piece("", next - '0'));
                text.setLength(0);
                i++;
            } else {
                sound = false;
            }
        }
        parsed.add(new Piece(text.toString(), -1));
        this.pieces = List.copyOf(parsed);
        this.valid = sound;
    }

    String replaceAll(String input) {
        if (!valid) {
            return input;
        }
        Matcher matcher = pattern.matcher(input);
        StringBuilder result = new StringBuilder(input.length() + 16);
        int copied = 0;
        int lastEnd = -1;
        while (matcher.find()) {
            if (matcher.start() == matcher.end() && matcher.start() == lastEnd) {
                continue;
            }
            result.append(input, copied, matcher.start());
            for (Piece piece : pieces) {
                String group = piece.group < 0 ? piece.text : matcher.group(piece.group);
                result.append(group == null ? "" : group);
            }
            copied = matcher.end();
            lastEnd = copied;
        }
        return result.append(input, copied, input.length()).toString();
    }
}
