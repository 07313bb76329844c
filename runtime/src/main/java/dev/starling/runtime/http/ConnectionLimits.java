package dev.starling.runtime.http;

import dev.starling.config.http.HttpTimeouts;
import dev.starling.runtime.loop.Loop;
import dev.starling.runtime.loop.TimerWheel;

/**
 * How long a connection of many streams lasts: without streams ({@code idle_timeout}), in all
 * ({@code max_connection_duration}), and once it drains ({@code drain_timeout}). Confined to the loop.
 */
final class ConnectionLimits {

    /** What is limited. */
    interface Limited {

        /** How many are open. */
        int streams();

        /** It has had no stream for too long. */
        void idle();

        /** It is to drain. */
        void drain();

        /** It has drained for long enough: no new stream is taken any more. */
        void drained();
    }

    private final Loop loop;
    private final Limited limited;
    private final HttpTimeouts timeouts;
    private final ConnectionManagerStats stats;
    private final TimerWheel.Timer idle = new IdleTimer();
    private final TimerWheel.Timer duration = new DurationTimer();
    private final TimerWheel.Timer drain = new DrainTimer();
    private long idleSinceNanos;

    ConnectionLimits(ConnectionManagerLane lane, Limited limited, long openedNanos) {
        this.loop = lane.loop();
        this.limited = limited;
        this.timeouts = lane.manager().config().timeouts();
        this.stats = lane.manager().stats();
        this.idleSinceNanos = openedNanos;
    }

    void start() {
        long longestIdle = timeouts.connectionIdle().toNanos();
        if (longestIdle > 0) {
            loop.timers().arm(idle, longestIdle);
        }
        timeouts.maxConnectionDuration().ifPresent(limit -> loop.timers().arm(duration, limit.toNanos()));
    }

    /** The last stream has ended. */
    void becameIdle() {
        idleSinceNanos = loop.nanoTime();
    }

    void draining() {
        loop.timers().arm(drain, timeouts.drain().toNanos());
    }

    void cancelAll() {
        idle.cancel();
        duration.cancel();
        drain.cancel();
    }

    /** Armed once: at its time it looks how long the connection has really been idle, and waits for the rest. */
    private final class IdleTimer extends TimerWheel.Timer {
        @Override
        protected void expired() {
            long longest = timeouts.connectionIdle().toNanos();
            long since = limited.streams() > 0 ? 0 : loop.nanoTime() - idleSinceNanos;
            if (since >= longest) {
                stats.cxIdleTimeout.inc(loop.stats());
                limited.idle();
            } else {
                loop.timers().arm(this, longest - since);
            }
        }
    }

    private final class DurationTimer extends TimerWheel.Timer {
        @Override
        protected void expired() {
            stats.cxMaxDurationReached.inc(loop.stats());
            limited.drain();
        }
    }

    private final class DrainTimer extends TimerWheel.Timer {
        @Override
        protected void expired() {
            limited.drained();
        }
    }
}
