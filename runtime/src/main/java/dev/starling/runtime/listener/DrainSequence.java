package dev.starling.runtime.listener;

import java.util.random.RandomGenerator;

/**
 * A drain that has begun: decides at each response whether it is to be the last of its connection. As Envoy's
 * {@code DrainManagerImpl}, connections without a request are left alone, for a client may be about to send one.
 * Immutable; any thread.
 */
final class DrainSequence {

    static final DrainSequence AT_ONCE = new DrainSequence(0, 0);

    private final long beganNanos;
    private final long durationNanos;

    private DrainSequence(long beganNanos, long durationNanos) {
        this.beganNanos = beganNanos;
        this.durationNanos = durationNanos;
    }

    /** The chance grows from nothing to certainty over the duration. */
    static DrainSequence gradual(long beganNanos, long durationNanos) {
        return durationNanos > 0 ? new DrainSequence(beganNanos, durationNanos) : AT_ONCE;
    }

    boolean closes(long nowNanos, RandomGenerator random) {
        long elapsed = nowNanos - beganNanos;
        return durationNanos == 0 || elapsed >= durationNanos || random.nextLong(durationNanos) < elapsed;
    }
}
