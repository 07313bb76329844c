package dev.starling.config;

/**
 * {@code envoy.config.core.v3.RuntimeUInt32}.
 *
 * @param defaultValue unless the runtime has another
 * @param runtimeKey empty for none
 */
public record RuntimeUint32(long defaultValue, String runtimeKey) {

    /** What no runtime changes. */
    public static RuntimeUint32 of(long value) {
        return new RuntimeUint32(value, "");
    }
}
