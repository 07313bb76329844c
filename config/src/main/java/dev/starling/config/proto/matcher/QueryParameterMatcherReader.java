package dev.starling.config.proto.matcher;

import dev.starling.config.matcher.QueryParameterMatcher;
import dev.starling.config.matcher.QueryParameterMatcher.Rule;
import dev.starling.config.proto.ValidationContext;
import org.jspecify.annotations.Nullable;

/** Reads {@code envoy.config.route.v3.QueryParameterMatcher}. */
public final class QueryParameterMatcherReader {

    private QueryParameterMatcherReader() {}

    /** Null after a problem. */
    public static @Nullable QueryParameterMatcher read(
            io.envoyproxy.envoy.config.route.v3.QueryParameterMatcher message, ValidationContext context) {
        return switch (message.getQueryParameterMatchSpecifierCase()) {
            case PRESENT_MATCH ->
                new QueryParameterMatcher(message.getName(), new Rule.Present(message.getPresentMatch()));
            case QUERYPARAMETERMATCHSPECIFIER_NOT_SET ->
                new QueryParameterMatcher(message.getName(), new Rule.Present(true));
            case STRING_MATCH -> {
                var matcher = StringMatcherReader.read(message.getStringMatch(), context.field("string_match"));
                yield matcher == null ? null : new QueryParameterMatcher(message.getName(), new Rule.Text(matcher));
            }
        };
    }
}
