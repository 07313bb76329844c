package dev.starling.config.matcher;

/**
 * {@code envoy.config.route.v3.HeaderMatcher}.
 *
 * @param name lower case; may be a pseudo-header such as {@code :method}
 * @param invert a missing header does not match even then, unless treated as empty; presence inverts naturally
 */
public record HeaderMatcher(String name, Rule rule, boolean invert, boolean treatMissingAsEmpty) {

    /** What is asked of the value. */
    public sealed interface Rule {
        /** The header is there, or is not. */
        record Present(boolean present) implements Rule {}

        record Text(StringMatcher matcher) implements Rule {}

        /** Decimal integer in {@code [start, end)}. */
        record Range(long start, long end) implements Rule {}
    }
}
