package dev.starling.config.proto.read;

import com.google.protobuf.Descriptors.FieldDescriptor;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Locale;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** Numbers of every width from text: decimal, with fraction or exponent, or hexadecimal. */
final class NumberReader {

    private static final int LONGEST = 400;
    private static final int LARGEST_EXPONENT = 400;
    private static final BigInteger INT_MIN = BigInteger.valueOf(Integer.MIN_VALUE);
    private static final BigInteger INT_MAX = BigInteger.valueOf(Integer.MAX_VALUE);
    private static final BigInteger LONG_MIN = BigInteger.valueOf(Long.MIN_VALUE);
    private static final BigInteger LONG_MAX = BigInteger.valueOf(Long.MAX_VALUE);
    private static final BigInteger UNSIGNED_INT_MAX = BigInteger.valueOf(0xFFFFFFFFL);
    private static final BigInteger UNSIGNED_LONG_MAX =
            BigInteger.ONE.shiftLeft(64).subtract(BigInteger.ONE);

    private NumberReader() {}

    sealed interface Result {}

    /** As protobuf's reflection takes it: unsigned in the bits of the signed type. */
    record Value(Object value) implements Result {}

    record Refusal(String why) implements Result {}

    static Result read(FieldDescriptor.Type type, String text) {
        return switch (type) {
            case DOUBLE -> floating(text, false);
            case FLOAT -> floating(text, true);
            case INT32, SINT32, SFIXED32 -> integer(text, INT_MIN, INT_MAX, true);
            case UINT32, FIXED32 -> integer(text, BigInteger.ZERO, UNSIGNED_INT_MAX, true);
            case INT64, SINT64, SFIXED64 -> integer(text, LONG_MIN, LONG_MAX, false);
            case UINT64, FIXED64 -> integer(text, BigInteger.ZERO, UNSIGNED_LONG_MAX, false);
            case BOOL, STRING, BYTES, ENUM, GROUP, MESSAGE ->
                throw new IllegalArgumentException(type + " is not a number");
        };
    }

    static OptionalInt exactInt(String text) {
        return integer(text, INT_MIN, INT_MAX, true) instanceof Value(Integer value)
                ? OptionalInt.of(value)
                : OptionalInt.empty();
    }

    /** Cut, for a message. */
    static String shown(String text) {
        return text.length() <= 60 ? text : text.substring(0, 60) + "…";
    }

    private static Result integer(String text, BigInteger least, BigInteger most, boolean is32Bits) {
        var value = exact(text);
        if (value == null) {
            return new Refusal("expected an integer but found `" + shown(text) + "`");
        }
        if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
            return new Refusal(shown(text) + " is out of range: " + least + " to " + most);
        }
        return new Value(is32Bits ? (Object) value.intValue() : (Object) value.longValue());
    }

    private static @Nullable BigInteger exact(String text) {
        if (text.length() > LONGEST) {
            return null;
        }
        try {
            String lower = text.toLowerCase(Locale.ROOT);
            if (lower.startsWith("0x")) {
                return lower.startsWith("0x-") ? null : new BigInteger(lower.substring(2), 16);
            }
            var decimal = new BigDecimal(text);
            // An exponent of a billion would be expanded into as many digits.
            return Math.abs((long) decimal.scale()) > LARGEST_EXPONENT ? null : decimal.toBigIntegerExact();
        } catch (NumberFormatException | ArithmeticException e) {
            return null;
        }
    }

    private static Result floating(String text, boolean isFloat) {
        double value;
        switch (text) {
            case "NaN" -> value = Double.NaN;
            case "Infinity" -> value = Double.POSITIVE_INFINITY;
            case "-Infinity" -> value = Double.NEGATIVE_INFINITY;
            default -> {
                try {
                    value = new BigDecimal(text.length() > LONGEST ? "" : text).doubleValue();
                } catch (NumberFormatException e) {
                    return new Refusal("expected a number but found `" + shown(text) + "`");
                }
                if (Double.isInfinite(value) || (isFloat && Float.isInfinite((float) value))) {
                    return new Refusal(shown(text) + " is out of range");
                }
            }
        }
        return new Value(isFloat ? (Object) (float) value : (Object) value);
    }
}
