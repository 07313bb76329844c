package dev.starling.config;

/**
 * A share of traffic, as {@code envoy.type.v3.FractionalPercent}, with the runtime key that may override it.
 *
 * @param numerator share out of {@code denominator}
 * @param denominator 100, 10,000 or 1,000,000
 * @param runtimeKey empty for none
 */
public record FractionalPercent(int numerator, int denominator, String runtimeKey) {

    public static final FractionalPercent ALWAYS = new FractionalPercent(100, 100, "");

    /** Whether a draw, uniform over the non-negative longs, falls into the share. */
    public boolean selects(long draw) {
        return Long.remainderUnsigned(draw, denominator) < numerator;
    }
}
