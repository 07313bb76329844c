package dev.starling.config.proto.matcher;

import dev.starling.config.matcher.HeaderMatcher;
import dev.starling.config.matcher.HeaderMatcher.Rule;
import dev.starling.config.matcher.StringMatcher;
import dev.starling.config.proto.ValidationContext;
import dev.starling.config.proto.core.HeaderNameReader;
import org.jspecify.annotations.Nullable;

/** Reads {@code envoy.config.route.v3.HeaderMatcher}, with the older ways to write a string matcher. */
@SuppressWarnings("deprecation") // Envoy still reads its deprecated fields, and so do we
public final class HeaderMatcherReader {

    private HeaderMatcherReader() {}

    /** Null after a problem. */
    public static @Nullable HeaderMatcher read(
            io.envoyproxy.envoy.config.route.v3.HeaderMatcher message, ValidationContext context) {
        var name = HeaderNameReader.read(message.getName(), context.field("name"));
        var rule = rule(message, context);
        return name == null || rule == null
                ? null
                : new HeaderMatcher(name, rule, message.getInvertMatch(), message.getTreatMissingHeaderAsEmpty());
    }

    private static @Nullable Rule rule(
            io.envoyproxy.envoy.config.route.v3.HeaderMatcher message, ValidationContext context) {
        return switch (message.getHeaderMatchSpecifierCase()) {
            case PRESENT_MATCH -> new Rule.Present(message.getPresentMatch());
            case HEADERMATCHSPECIFIER_NOT_SET -> new Rule.Present(true);
            case RANGE_MATCH ->
                new Rule.Range(
                        message.getRangeMatch().getStart(),
                        message.getRangeMatch().getEnd());
            case STRING_MATCH ->
                text(StringMatcherReader.read(message.getStringMatch(), context.field("string_match")));
            case SAFE_REGEX_MATCH ->
                text(StringMatcherReader.regex(message.getSafeRegexMatch(), context.field("safe_regex_match")));
            case EXACT_MATCH -> text(new StringMatcher.Exact(message.getExactMatch(), false));
            case PREFIX_MATCH -> text(new StringMatcher.Prefix(message.getPrefixMatch(), false));
            case SUFFIX_MATCH -> text(new StringMatcher.Suffix(message.getSuffixMatch(), false));
            case CONTAINS_MATCH -> text(new StringMatcher.Contains(message.getContainsMatch(), false));
        };
    }

    private static @Nullable Rule text(@Nullable StringMatcher matcher) {
        return matcher == null ? null : new Rule.Text(matcher);
    }
}
