package dev.starling.config.proto.source;

import dev.starling.config.SourceLocation;
import dev.starling.config.proto.source.SourceNode.Kind;
import dev.starling.config.proto.source.SourceNode.Null;
import dev.starling.config.proto.source.SourceNode.Scalar;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * What a plain YAML scalar means, as Envoy has it ({@code yaml_utility.cc} over yaml-cpp) and neither YAML 1.1 nor 1.2
 * does: yes, on and y are booleans; 0x1f and 0644 are numbers, the latter octal; a fraction stays text until the field's
 * type is known; and so does an integer beyond 32 bits, which keeps its digits.
 */
public final class YamlScalar {

    private static final Set<String> NULLS = Set.of("", "~", "null", "Null", "NULL");
    private static final Set<String> TRUES = Set.of("y", "yes", "true", "on");
    private static final Set<String> FALSES = Set.of("n", "no", "false", "off");

    private static final SourceLocation NOWHERE = new SourceLocation("", 1, 0);

    private YamlScalar() {}

    /** Whether the text, without quotes, is the string of the same spelling. */
    public static boolean isString(String text) {
        return resolve(text, NOWHERE) instanceof Scalar(var kind, var resolved, var at)
                && kind == Kind.STRING
                && resolved.equals(text);
    }

    static SourceNode resolve(String text, SourceLocation at) {
        if (NULLS.contains(text)) {
            return new Null(at);
        }
        String word = uniformCase(text);
        if (TRUES.contains(word)) {
            return new Scalar(Kind.BOOLEAN, "true", at);
        }
        if (FALSES.contains(word)) {
            return new Scalar(Kind.BOOLEAN, "false", at);
        }
        return integer(text)
                .map(value ->
                        new Scalar(value == value.intValue() ? Kind.NUMBER : Kind.STRING, Long.toString(value), at))
                .orElseGet(() -> new Scalar(Kind.STRING, text, at));
    }

    /** In lower case if it is written lower, Capitalised or UPPER; otherwise as it is. */
    private static String uniformCase(String text) {
        if (text.length() > 5) {
            return text;
        }
        String lower = text.toLowerCase(Locale.ROOT);
        String tail = text.substring(text.isEmpty() ? 0 : 1);
        boolean isUniform =
                text.equals(lower) || tail.equals(lower.substring(1)) || text.equals(text.toUpperCase(Locale.ROOT));
        return isUniform ? lower : text;
    }

    /** As C++ streams read an integer without a fixed base. */
    private static Optional<Long> integer(String text) {
        int sign = text.startsWith("-") || text.startsWith("+") ? 1 : 0;
        int digits = text.length() - sign;
        if (digits == 0 || !isHexDigit(text.charAt(sign))) {
            return Optional.empty();
        }
        boolean isHex = text.startsWith("0x", sign) || text.startsWith("0X", sign);
        boolean isOctal = !isHex && digits > 1 && text.charAt(sign) == '0';
        int radix = isHex ? 16 : isOctal ? 8 : 10;
        int from = isHex ? sign + 2 : sign;
        if (from == text.length() || Character.digit(text.charAt(from), radix) < 0) {
            return Optional.empty();
        }
        try {
            String magnitude = text.substring(from);
            return Optional.of(Long.parseLong(text.startsWith("-") ? "-" + magnitude : magnitude, radix));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    private static boolean isHexDigit(char c) {
        return Character.digit(c, 16) >= 0;
    }
}
