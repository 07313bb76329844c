package dev.starling.runtime.text;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;

/** Numbers as the libraries that Envoy uses print them. */
public final class NumberText {

    private static final MathContext PROMETHEUS_DIGITS = new MathContext(32, RoundingMode.HALF_EVEN);

    private NumberText() {}

    /** The shortest digits that mean the same number, without an exponent below 1e16: {@code {}} of fmt. */
    public static String shortest(double value) {
        if (Double.isNaN(value)) {
            return "nan";
        }
        BigDecimal digits = digits(value);
        return Math.abs(value) < 1e16 ? digits.toPlainString() : scientific(digits);
    }

    /** The shorter of the plain and the scientific spelling: {@code std::to_chars}, which Envoy's JSON uses. */
    public static String json(double value) {
        if (Double.isNaN(value)) {
            return "null";
        }
        BigDecimal digits = digits(value);
        String plain = digits.toPlainString();
        String scientific = digits.signum() == 0 ? plain : scientific(digits);
        return scientific.length() < plain.length() ? scientific : plain;
    }

    /** Six digits, and an exponent if the number has more: {@code {:g}} of fmt. */
    public static String general(double value) {
        BigDecimal rounded =
                digits(value).round(new MathContext(6, RoundingMode.HALF_EVEN)).stripTrailingZeros();
        boolean plain = rounded.signum() == 0 || Math.abs(value) < 1e6;
        return plain ? rounded.toPlainString() : scientific(rounded);
    }

    /** Up to 32 digits of the exact value: {@code {:.32g}} of fmt. */
    public static String prometheus(double value) {
        return Double.isNaN(value)
                ? "nan"
                : new BigDecimal(value)
                        .round(PROMETHEUS_DIGITS)
                        .stripTrailingZeros()
                        .toPlainString();
    }

    /** Java prints the shortest digits too, only with another notation around them. */
    private static BigDecimal digits(double value) {
        return new BigDecimal(Double.toString(value)).stripTrailingZeros();
    }

    private static String scientific(BigDecimal digits) {
        String mantissa = digits.unscaledValue().abs().toString();
        int exponent = mantissa.length() - 1 - digits.scale();
        return (digits.signum() < 0 ? "-" : "")
                + mantissa.charAt(0)
                + (mantissa.length() > 1 ? "." + mantissa.substring(1) : "")
                + (exponent < 0 ? "e-" : "e+")
                + (Math.abs(exponent) < 10 ? "0" : "")
                + Math.abs(exponent);
    }
}
