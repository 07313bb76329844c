package dev.starling.config.proto.rules;

import org.jspecify.annotations.Nullable;

/** What one value must be like. */
public interface ValueRule {

    /** What is wrong with the value, never the value itself; null if nothing is. */
    @Nullable
    String violation(Object value);
}
