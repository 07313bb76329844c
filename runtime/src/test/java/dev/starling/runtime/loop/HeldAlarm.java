package dev.starling.runtime.loop;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** A clock and its one alarm that stand still until the test moves them. */
final class HeldAlarm implements TimerWheel.Alarm, LongSupplier {

    private long nowNanos;
    private long dueNanos = Long.MAX_VALUE;
    private @Nullable Runnable ring;

    /** How often the wheel asked to be woken. */
    int sets;

    HeldAlarm(long nowNanos) {
        this.nowNanos = nowNanos;
    }

    @Override
    public void set(long delayNanos, Runnable newRing) {
        sets++;
        dueNanos = nowNanos + delayNanos;
        ring = newRing;
    }

    @Override
    public long getAsLong() {
        return nowNanos;
    }

    boolean asked() {
        return ring != null;
    }

    /** Lets time pass, ringing whenever the alarm is due. */
    void advanceMillis(long millis) {
        long end = nowNanos + TimeUnit.MILLISECONDS.toNanos(millis);
        while (ring != null && dueNanos <= end) {
            nowNanos = Math.max(nowNanos, dueNanos);
            ring();
        }
        nowNanos = end;
    }

    /** Lets time pass while the loop is busy with something else; then rings once, late. */
    void stallMillis(long millis) {
        nowNanos += TimeUnit.MILLISECONDS.toNanos(millis);
        if (dueNanos <= nowNanos) {
            ring();
        }
    }

    /** Rings although it may not be time. */
    void ring() {
        Runnable due = ring;
        ring = null;
        dueNanos = Long.MAX_VALUE;
        if (due != null) {
            due.run();
        }
    }
}
