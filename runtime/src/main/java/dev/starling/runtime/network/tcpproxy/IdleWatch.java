package dev.starling.runtime.network.tcpproxy;

import dev.starling.runtime.loop.Loop;
import dev.starling.runtime.loop.TimerWheel;

/**
 * Since when nothing has passed. Armed once: at its time it is asked how long that is, and waits for the rest. Confined to
 * the loop.
 */
final class IdleWatch extends TimerWheel.Timer {

    private final Loop loop;
    private final long limitNanos;
    private final Runnable wake;
    private long activeNanos;
    private long waitingBytes;
    private boolean due;

    /**
     * @param limitNanos zero: it never ends
     * @param wake gives its session a turn
     */
    IdleWatch(Loop loop, long limitNanos, Runnable wake) {
        this.loop = loop;
        this.limitNanos = limitNanos;
        this.wake = wake;
    }

    void start() {
        active();
        if (limitNanos > 0) {
            loop.timers().arm(this, limitNanos);
        }
    }

    /** Something has passed. */
    void active() {
        activeNanos = loop.nanoTime();
    }

    @Override
    protected void expired() {
        due = true;
        wake.run();
    }

    /**
     * Whether the session is over.
     *
     * @param waiting bytes that have not left yet: a slow reader that reads is not idle
     */
    boolean over(long waiting) {
        if (!due) {
            return false;
        }
        due = false;
        if (waiting > 0 && waiting != waitingBytes) {
            waitingBytes = waiting;
            active();
        }
        long rest = limitNanos - (loop.nanoTime() - activeNanos);
        if (rest > 0) {
            loop.timers().arm(this, rest);
        }
        return rest <= 0;
    }
}
