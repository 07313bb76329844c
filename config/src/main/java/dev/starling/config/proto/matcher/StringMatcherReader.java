package dev.starling.config.proto.matcher;

import dev.starling.config.matcher.StringMatcher;
import dev.starling.config.proto.ValidationContext;
import io.envoyproxy.envoy.type.matcher.v3.RegexMatcher;
import org.jspecify.annotations.Nullable;

/** Reads {@code envoy.type.matcher.v3.StringMatcher}. */
public final class StringMatcherReader {

    private StringMatcherReader() {}

    /** Null after a problem. */
    public static @Nullable StringMatcher read(
            io.envoyproxy.envoy.type.matcher.v3.StringMatcher message, ValidationContext context) {
        boolean ignoreCase = message.getIgnoreCase();
        return switch (message.getMatchPatternCase()) {
            case EXACT -> new StringMatcher.Exact(message.getExact(), ignoreCase);
            case PREFIX -> new StringMatcher.Prefix(message.getPrefix(), ignoreCase);
            case SUFFIX -> new StringMatcher.Suffix(message.getSuffix(), ignoreCase);
            case CONTAINS -> new StringMatcher.Contains(message.getContains(), ignoreCase);
            case SAFE_REGEX -> {
                if (ignoreCase) {
                    context.field("ignore_case").problem("ignore_case has no effect for safe_regex.");
                }
                yield regex(message.getSafeRegex(), context.field("safe_regex"));
            }
            case CUSTOM -> {
                context.field("custom").problem("custom matchers are not supported yet");
                yield null;
            }
            case MATCHPATTERN_NOT_SET -> {
                context.problem("one of exact, prefix, suffix, safe_regex, contains is required");
                yield null;
            }
        };
    }

    static @Nullable StringMatcher regex(RegexMatcher message, ValidationContext context) {
        var pattern = RegexReader.read(message, context);
        return pattern == null ? null : new StringMatcher.Regex(pattern);
    }
}
