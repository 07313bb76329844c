package dev.starling.config.proto.rules;

import org.jspecify.annotations.Nullable;

/** Lengths of strings and bytes. */
final class LengthRule {

    private LengthRule() {}

    static boolean countsBytes(RuleFields rules) {
        return rules.optional("len_bytes") != null
                || rules.optional("min_bytes") != null
                || rules.optional("max_bytes") != null;
    }

    /** @param suffix {@code _bytes} for the rules {@code len_bytes, min_bytes, max_bytes}; empty for {@code len} and the like */
    static @Nullable String violation(RuleFields rules, String suffix, long length, String unit) {
        String end = suffix.isEmpty() ? "_len" : suffix;
        Object exact = rules.optional("len" + suffix);
        if (exact instanceof Long wanted && length != wanted) {
            return "must have exactly " + wanted + " " + unit;
        }
        if (rules.optional("min" + end) instanceof Long least && length < least) {
            return least == 1 && length == 0 ? "must not be empty" : "must have at least " + least + " " + unit;
        }
        return rules.optional("max" + end) instanceof Long most && length > most
                ? "must have at most " + most + " " + unit
                : null;
    }
}
