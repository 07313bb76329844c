package dev.starling.config.matcher;

import com.google.re2j.Pattern;

/** {@code envoy.type.matcher.v3.StringMatcher}. Patterns are RE2 and match the whole value. */
public sealed interface StringMatcher {

    boolean matches(String value);

    record Exact(String text, boolean ignoreCase) implements StringMatcher {
        @Override
        public boolean matches(String value) {
            return ignoreCase ? text.equalsIgnoreCase(value) : text.equals(value);
        }
    }

    record Prefix(String text, boolean ignoreCase) implements StringMatcher {
        @Override
        public boolean matches(String value) {
            return value.regionMatches(ignoreCase, 0, text, 0, text.length());
        }
    }

    record Suffix(String text, boolean ignoreCase) implements StringMatcher {
        @Override
        public boolean matches(String value) {
            return value.regionMatches(ignoreCase, value.length() - text.length(), text, 0, text.length());
        }
    }

    record Contains(String text, boolean ignoreCase) implements StringMatcher {
        @Override
        public boolean matches(String value) {
            if (!ignoreCase) {
                return value.contains(text);
            }
            for (int at = 0; at <= value.length() - text.length(); at++) {
                if (value.regionMatches(true, at, text, 0, text.length())) {
                    return true;
                }
            }
            return false;
        }
    }

    record Regex(Pattern pattern) implements StringMatcher {
        @Override
        public boolean matches(String value) {
            return pattern.matches(value);
        }
    }
}
