package dev.starling.config.proto.core;

import dev.starling.config.proto.ValidationContext;
import java.time.Duration;
import java.util.Optional;

/** Reads durations with Envoy's bounds: not negative, and few enough milliseconds to count in 64 bits of nanoseconds. */
public final class DurationReader {

    private static final long MAX_SECONDS = Long.MAX_VALUE / 1_000_000_000 - 1;

    private DurationReader() {}

    /** Zero after a problem. */
    public static Duration read(com.google.protobuf.Duration duration, ValidationContext context) {
        if (duration.getSeconds() < 0 || duration.getNanos() < 0) {
            context.problem("must not be negative");
            return Duration.ZERO;
        }
        if (duration.getSeconds() > MAX_SECONDS || duration.getNanos() > 999_999_999) {
            context.problem("is too long");
            return Duration.ZERO;
        }
        return Duration.ofSeconds(duration.getSeconds(), duration.getNanos());
    }

    /** What an absent field means is {@code otherwise}. */
    public static Duration readOr(
            Duration otherwise, boolean present, com.google.protobuf.Duration duration, ValidationContext context) {
        return present ? read(duration, context) : otherwise;
    }

    public static Optional<Duration> readIf(
            boolean present, com.google.protobuf.Duration duration, ValidationContext context) {
        return present ? Optional.of(read(duration, context)) : Optional.empty();
    }
}
