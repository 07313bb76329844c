package dev.starling.config.matcher;

/** {@code envoy.config.route.v3.QueryParameterMatcher}; only the first value of a name is looked at. */
public record QueryParameterMatcher(String name, Rule rule) {

    /** What is asked of the value. */
    public sealed interface Rule {
        record Present(boolean present) implements Rule {}

        record Text(StringMatcher matcher) implements Rule {}
    }
}
