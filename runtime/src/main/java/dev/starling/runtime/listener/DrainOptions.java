package dev.starling.runtime.listener;

import java.time.Duration;

/**
 * How connections are drained: {@code --drain-time-s} and {@code --drain-strategy}.
 *
 * @param time after which what is left is closed
 */
public record DrainOptions(Duration time, Strategy strategy) {

    public static final DrainOptions DEFAULT = new DrainOptions(Duration.ofMinutes(10), Strategy.GRADUAL);

    public enum Strategy {
        /** The chance that a response ends its connection grows with the time. */
        GRADUAL,
        /** Every response ends its connection. */
        IMMEDIATE
    }

    /** A drain that begins now. */
    DrainSequence begin(long nowNanos) {
        return strategy == Strategy.IMMEDIATE ? DrainSequence.AT_ONCE : DrainSequence.gradual(nowNanos, time.toNanos());
    }
}
