package dev.starling.runtime.http.filter.router;

import dev.starling.runtime.http.filter.ExchangeContext;
import dev.starling.runtime.loop.TimerWheel;
import org.jspecify.annotations.Nullable;

/**
 * How long one attempt may take, as {@code per_try_timeout}, {@code per_try_idle_timeout} and the cluster's
 * {@code max_stream_duration} say. Made for the first attempt that has any of these, and used for all. Confined to the loop.
 */
final class AttemptTimers {

    private final ExchangeContext context;
    private final Owner owner;
    private final long perTryNanos;
    private final long idleNanos;
    private boolean ready;
    private boolean running;
    private TimerWheel.@Nullable Timer perTry;
    private TimerWheel.@Nullable Timer idle;
    private TimerWheel.@Nullable Timer duration;

    /** Whose attempt it is. */
    interface Owner {

        void perTryTimedOut();

        void perTryIdleTimedOut();

        /** The attempt takes longer than the cluster's {@code max_stream_duration}. */
        void lastedTooLong();
    }

    /**
     * @param perTryNanos of each attempt, from when it has a stream and the request is complete; 0 is for ever
     * @param idleNanos the same from when the endpoint was heard of last
     */
    AttemptTimers(ExchangeContext context, Owner owner, long perTryNanos, long idleNanos) {
        this.context = context;
        this.owner = owner;
        this.perTryNanos = perTryNanos;
        this.idleNanos = idleNanos;
    }

    /** The attempt has a stream, which is to last no longer; 0 is for ever. */
    void begin(long durationNanos) {
        ready = true;
        running = false;
        if (durationNanos > 0) {
            duration = duration == null ? context.timer(owner::lastedTooLong) : duration;
            arm(duration, durationNanos);
        }
    }

    /** All of the request is here; called as often as one likes. */
    void requestComplete() {
        if (!ready || running) {
            return;
        }
        running = true;
        if (perTryNanos > 0) {
            perTry = perTry == null ? context.timer(owner::perTryTimedOut) : perTry;
            arm(perTry, perTryNanos);
        }
        heard();
    }

    /** Something came from the endpoint. */
    void heard() {
        if (running && idleNanos > 0) {
            idle = idle == null ? context.timer(owner::perTryIdleTimedOut) : idle;
            arm(idle, idleNanos);
        }
    }

    private void arm(TimerWheel.Timer timer, long nanos) {
        context.loop().timers().arm(timer, nanos);
    }

    /** Its stream may last as long as it may, and nothing else matters any more. */
    void letGo() {
        ready = false;
        running = false;
        cancel(perTry);
        cancel(idle);
    }

    /** The attempt is over. */
    void cancel() {
        letGo();
        cancel(duration);
    }

    private static void cancel(TimerWheel.@Nullable Timer timer) {
        if (timer != null) {
            timer.cancel();
        }
    }
}
