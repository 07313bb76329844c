package dev.starling.config.proto.rules;

import com.google.re2j.Pattern;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code StringRules}. Lengths count code points, or bytes of UTF-8. */
final class StringRule implements ValueRule {

    private final RuleFields rules;
    private final boolean ignoresEmpty;
    private final @Nullable Pattern pattern;
    private final List<?> in;
    private final List<?> notIn;
    private final @Nullable ValueRule wellKnown;

    StringRule(RuleFields rules) {
        this.rules = rules;
        this.ignoresEmpty = rules.isTrue("ignore_empty");
        this.pattern = rules.optional("pattern") instanceof String text ? Pattern.compile(text) : null;
        this.in = rules.list("in");
        this.notIn = rules.list("not_in");
        this.wellKnown = WellKnownText.of(rules);
    }

    @Override
    public @Nullable String violation(Object value) {
        String text = (String) value;
        if (ignoresEmpty && text.isEmpty()) {
            return null;
        }
        String wrong = LengthRule.violation(rules, "", text.codePointCount(0, text.length()), "characters");
        if (wrong == null && LengthRule.countsBytes(rules)) {
            wrong = LengthRule.violation(rules, "_bytes", text.getBytes(StandardCharsets.UTF_8).length, "bytes");
        }
        if (wrong == null) {
            wrong = content(text);
        }
        if (wrong == null) {
            wrong = membership(text);
        }
        return wrong == null && wellKnown != null ? wellKnown.violation(text) : wrong;
    }

    private @Nullable String content(String text) {
        if (pattern != null && !pattern.matcher(text).find()) {
            return "must match the pattern " + pattern.pattern();
        }
        if (rules.optional("prefix") instanceof String prefix && !text.startsWith(prefix)) {
            return "must start with `" + prefix + "`";
        }
        if (rules.optional("suffix") instanceof String suffix && !text.endsWith(suffix)) {
            return "must end with `" + suffix + "`";
        }
        if (rules.optional("contains") instanceof String part && !text.contains(part)) {
            return "must contain `" + part + "`";
        }
        return rules.optional("not_contains") instanceof String part && text.contains(part)
                ? "must not contain `" + part + "`"
                : null;
    }

    private @Nullable String membership(String text) {
        if (rules.optional("const") instanceof String constant && !text.equals(constant)) {
            return "must be `" + constant + "`";
        }
        if (!in.isEmpty() && !in.contains(text)) {
            return "must be one of " + in;
        }
        return notIn.contains(text) ? "must not be one of " + notIn : null;
    }
}
