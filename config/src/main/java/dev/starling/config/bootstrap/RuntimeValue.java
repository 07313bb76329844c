package dev.starling.config.bootstrap;

import dev.starling.config.FractionalPercent;
import java.util.Optional;

/**
 * What a layer of the runtime says of a key.
 *
 * @param text as it is shown
 * @param number NaN if it is none
 * @param truth absent if it is neither true nor false
 * @param share absent if it is no fraction
 */
public record RuntimeValue(String text, double number, Optional<Boolean> truth, Optional<FractionalPercent> share) {

    /** A text that reads as a number is one too. */
    public static RuntimeValue text(String text) {
        return new RuntimeValue(text, number(text), Optional.empty(), Optional.empty());
    }

    public static RuntimeValue number(double number, String text) {
        return new RuntimeValue(text, number, Optional.empty(), Optional.empty());
    }

    public static RuntimeValue truth(boolean truth, String text) {
        return new RuntimeValue(text, Double.NaN, Optional.of(truth), Optional.empty());
    }

    /** Of a struct. */
    public static RuntimeValue share(Optional<FractionalPercent> share, String text) {
        return new RuntimeValue(text, Double.NaN, Optional.empty(), share);
    }

    private static double number(String text) {
        try {
            return Double.parseDouble(text.strip());
        } catch (NumberFormatException none) {
            return Double.NaN;
        }
    }

    /** Whether it can stand for an unsigned number, what is behind the point being cut off. */
    public boolean isWhole() {
        return number >= 0;
    }

    /** Only if {@link #isWhole}. */
    public long whole() {
        return (long) number;
    }
}
