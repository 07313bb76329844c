package dev.starling.config.proto.rules;

import com.google.protobuf.ByteString;
import com.google.re2j.Pattern;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** {@code BytesRules}. */
final class BytesRule implements ValueRule {

    private final RuleFields rules;
    private final @Nullable Pattern pattern;

    BytesRule(RuleFields rules) {
        this.rules = rules;
        this.pattern = rules.optional("pattern") instanceof String text ? Pattern.compile(text) : null;
    }

    @Override
    public @Nullable String violation(Object value) {
        var bytes = (ByteString) value;
        if (bytes.isEmpty() && rules.isTrue("ignore_empty")) {
            return null;
        }
        String wrong = LengthRule.violation(rules, "", bytes.size(), "bytes");
        if (wrong == null) {
            wrong = content(bytes);
        }
        return wrong == null ? address(bytes) : wrong;
    }

    private @Nullable String content(ByteString bytes) {
        if (rules.optional("const") instanceof ByteString constant && !bytes.equals(constant)) {
            return "must be the bytes the type prescribes";
        }
        // One char per byte, as the pattern is over bytes.
        if (pattern != null
                && !pattern.matcher(bytes.toString(StandardCharsets.ISO_8859_1)).find()) {
            return "must match the pattern " + pattern.pattern();
        }
        if (rules.optional("prefix") instanceof ByteString prefix && !bytes.startsWith(prefix)) {
            return "must start with the bytes the type prescribes";
        }
        if (rules.optional("suffix") instanceof ByteString suffix && !bytes.endsWith(suffix)) {
            return "must end with the bytes the type prescribes";
        }
        if (rules.optional("contains") instanceof ByteString part && !contains(bytes, part)) {
            return "must contain the bytes the type prescribes";
        }
        if (!rules.list("in").isEmpty() && !rules.list("in").contains(bytes)) {
            return "must be one of the values the type prescribes";
        }
        return rules.list("not_in").contains(bytes) ? "must not be one of the values the type forbids" : null;
    }

    private @Nullable String address(ByteString bytes) {
        if (rules.isTrue("ip") && bytes.size() != 4 && bytes.size() != 16) {
            return "must be an IP address of 4 or 16 bytes";
        }
        if (rules.isTrue("ipv4") && bytes.size() != 4) {
            return "must be an IPv4 address of 4 bytes";
        }
        return rules.isTrue("ipv6") && bytes.size() != 16 ? "must be an IPv6 address of 16 bytes" : null;
    }

    private static boolean contains(ByteString bytes, ByteString part) {
        for (int at = 0; at + part.size() <= bytes.size(); at++) {
            if (bytes.substring(at).startsWith(part)) {
                return true;
            }
        }
        return false;
    }
}
