package dev.starling.config.proto.rules;

import com.google.protobuf.Duration;
import org.jspecify.annotations.Nullable;

/** Envoy refuses every duration that is negative or beyond 292 years, whatever its annotation. */
record DurationRule(@Nullable ValueRule annotated) implements ValueRule {

    /** What fits into nanoseconds of 63 bits. */
    private static final long MAX_SECONDS = Long.MAX_VALUE / 1_000_000_000;

    @Override
    public @Nullable String violation(Object value) {
        var duration = (Duration) value;
        if (duration.getSeconds() < 0 || duration.getNanos() < 0) {
            return "must not be negative";
        }
        if (duration.getNanos() > 999_999_999) {
            return "nanos must be at most 999999999";
        }
        if (duration.getSeconds() >= MAX_SECONDS) {
            return "is too long";
        }
        return annotated == null ? null : annotated.violation(value);
    }
}
