package dev.starling.config;

/**
 * {@code envoy.config.core.v3.RuntimeFeatureFlag}.
 *
 * @param defaultValue unless the runtime has another
 * @param runtimeKey empty for none
 */
public record RuntimeFlag(boolean defaultValue, String runtimeKey) {

    /** What no runtime changes. */
    public static RuntimeFlag of(boolean value) {
        return new RuntimeFlag(value, "");
    }
}
