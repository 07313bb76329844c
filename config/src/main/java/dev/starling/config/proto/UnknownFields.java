package dev.starling.config.proto;

/**
 * What becomes of fields that are unknown or not supported. Envoy's flags choose it: static configuration is
 * {@link #REJECT}, or {@link #WARN} with {@code --allow-unknown-static-fields}; dynamic configuration is {@link #WARN},
 * {@link #REJECT} with {@code --reject-unknown-dynamic-fields}, {@link #IGNORE} with
 * {@code --ignore-unknown-dynamic-fields}.
 */
public enum UnknownFields {
    REJECT,
    WARN,
    IGNORE
}
