package dev.starling.config;

/** A share from 0 to 100, as {@code envoy.type.v3.Percent}. */
public record Percent(double value) {

    public static final Percent ZERO = new Percent(0);
    public static final Percent HUNDRED = new Percent(100);

    public Percent {
        if (!(value >= 0 && value <= 100)) {
            throw new IllegalArgumentException("percent outside 0 to 100: " + value);
        }
    }
}
