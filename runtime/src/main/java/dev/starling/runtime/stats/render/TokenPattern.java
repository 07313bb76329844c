package dev.starling.runtime.stats.render;

/**
 * Tokens that a stat's name has between its dots: a literal, {@code *} for any one, {@code **} for any number, {@code
 * $} for the one that is the tag's value.
 */
final class TokenPattern {

    private static final int NONE = -1;

    private final String[] tokens;

    TokenPattern(String pattern) {
        tokens = pattern.split("\\.");
    }

    /** The first token, by which rules are found; empty if it may be any. */
    String prefix() {
        return tokens[0].equals("$") || tokens[0].startsWith("*") ? "" : tokens[0];
    }

    /** Which token of the name is the value, or a negative number. */
    int find(NameTokens name) {
        return find(name, 0, 0, NONE);
    }

    private int find(NameTokens name, int from, int at, int value) {
        int pattern = from;
        int token = at;
        int found = value;
        while (pattern < tokens.length) {
            String expected = tokens[pattern];
            if (expected.equals("**")) {
                return findAfterAny(name, pattern + 1, token, found);
            }
            if (token == name.count()) {
                return NONE;
            }
            if (expected.equals("$")) {
                found = token;
            } else if (!expected.equals("*") && !name.is(token, expected)) {
                return NONE;
            }
            pattern++;
            token++;
        }
        return token == name.count() ? found : NONE;
    }

    private int findAfterAny(NameTokens name, int pattern, int token, int found) {
        if (pattern == tokens.length) {
            return found;
        }
        for (int skipTo = token; skipTo < name.count(); skipTo++) {
            int value = find(name, pattern, skipTo, found);
            if (value != NONE) {
                return value;
            }
        }
        return NONE;
    }
}
