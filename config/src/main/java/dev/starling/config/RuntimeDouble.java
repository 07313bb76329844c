package dev.starling.config;

/**
 * {@code envoy.config.core.v3.RuntimeDouble}.
 *
 * @param defaultValue unless the runtime has another
 * @param runtimeKey empty for none
 */
public record RuntimeDouble(double defaultValue, String runtimeKey) {

    /** What no runtime changes. */
    public static RuntimeDouble of(double value) {
        return new RuntimeDouble(value, "");
    }
}
