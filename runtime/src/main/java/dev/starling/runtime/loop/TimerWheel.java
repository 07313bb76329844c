package dev.starling.runtime.loop;

import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Timers of one loop as a hierarchical timing wheel (Varghese and Lauck, 1987): arming and cancelling move a node
 * between linked lists, so a request that ends leaves nothing behind, unlike a heap of cancelled tasks. Ticks are
 * {@link #TICK_MILLIS} ms: a timer fires up to one tick late, never early. The wheel asks its {@link Alarm} for one
 * wake-up at a time, and for none while it is empty.
 *
 * <p>Four levels of 64 slots: 8 ms, 512 ms, 33 s, 35 min a slot; beyond 37 h a timer waits in the last slot and moves on.
 */
public final class TimerWheel {

    static final int TICK_MILLIS = 8;

    private static final long TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(TICK_MILLIS);

    /** No timer waits for longer, whatever it is armed with: 146 years, so that no sum overflows. */
    private static final long LONGEST_NANOS = Long.MAX_VALUE / 2;

    private static final int BITS = 6;
    private static final int SLOTS = 1 << BITS;
    private static final int LEVELS = 4;

    /** The alarm's tick while due timers fire: what they arm neither moves the wheel past others nor sets the alarm. */
    private static final long RINGING = Long.MIN_VALUE;

    private final LongSupplier nanos;
    private final Alarm alarm;
    private final Consumer<Throwable> faults;
    private final long originNanos;
    private final Timer[][] slots = new Timer[LEVELS][SLOTS];
    private final long[] occupied = new long[LEVELS];

    private long currentTick;
    private long alarmTick = Long.MAX_VALUE;
    private int armed;

    /** A single wake-up; setting it again replaces it. */
    interface Alarm {
        void set(long delayNanos, Runnable ring);
    }

    /** A timer; owned by what it times, armed again and again. Not for sharing between wheels. */
    public abstract static class Timer {

        private @Nullable Timer previous;
        private @Nullable Timer next;
        private @Nullable TimerWheel wheel;
        private long tick;

        /** The time is up. Runs on the loop; may arm this or other timers. */
        protected abstract void expired();

        public final boolean armed() {
            return wheel != null;
        }

        /** Does nothing if not armed. */
        public final void cancel() {
            if (wheel != null) {
                wheel.unlink(this);
            }
        }

        private boolean isHead() {
            return tick == HEAD;
        }
    }

    private static final long HEAD = -1;

    private static final class Head extends Timer {
        @Override
        protected void expired() {
            throw new IllegalStateException("list head");
        }
    }

    /** @param faults told what escapes from a timer; the other timers go on */
    TimerWheel(LongSupplier nanos, Alarm alarm, Consumer<Throwable> faults) {
        this.nanos = nanos;
        this.alarm = alarm;
        this.faults = faults;
        this.originNanos = nanos.getAsLong();
        for (Timer[] level : slots) {
            for (int i = 0; i < SLOTS; i++) {
                Head head = new Head();
                ((Timer) head).tick = HEAD;
                ((Timer) head).previous = head;
                ((Timer) head).next = head;
                level[i] = head;
            }
        }
    }

    /** Arms the timer, or moves it if it is armed. A delay of zero or less fires at the next tick. */
    public void arm(Timer timer, long delayNanos) {
        timer.cancel();
        long now = nanos.getAsLong() - originNanos;
        long nowTick = now / TICK_NANOS;
        if (alarmTick > nowTick || (armed == 0 && alarmTick != RINGING)) { // nothing is due before the alarm
            currentTick = Math.max(currentTick, nowTick);
        }
        long due = (now + Math.clamp(delayNanos, 0, LONGEST_NANOS) + TICK_NANOS - 1) / TICK_NANOS;
        timer.tick = Math.max(due, currentTick + 1);
        timer.wheel = this;
        armed++;
        long turn = link(timer);
        if (turn < alarmTick) {
            setAlarm(turn, now);
        }
    }

    /** Timers that are armed. */
    public int size() {
        return armed;
    }

    /** Links the timer into its slot and returns the tick at which that slot must be looked at. */
    private long link(Timer timer) {
        long distance = timer.tick - currentTick;
        int level = 0;
        while (level < LEVELS - 1 && distance >= 1L << (BITS * (level + 1))) {
            level++;
        }
        int shift = BITS * level;
        long slotTick = timer.tick >> shift;
        if (level == LEVELS - 1) {
            slotTick = Math.min(slotTick, (currentTick >> shift) + SLOTS - 1);
        }
        int slot = (int) (slotTick & (SLOTS - 1));
        Timer head = slots[level][slot];
        Timer last = Objects.requireNonNull(head.previous);
        timer.previous = last;
        timer.next = head;
        last.next = timer;
        head.previous = timer;
        occupied[level] |= 1L << slot;
        return Math.max(slotTick << shift, currentTick + 1);
    }

    private void unlink(Timer timer) {
        Timer previous = Objects.requireNonNull(timer.previous);
        Timer next = Objects.requireNonNull(timer.next);
        previous.next = next;
        next.previous = previous;
        timer.previous = null;
        timer.next = null;
        timer.wheel = null;
        armed--;
    }

    private void ring() {
        long nowTick = (nanos.getAsLong() - originNanos) / TICK_NANOS;
        alarmTick = RINGING;
        try {
            fireUntil(nowTick);
        } finally {
            alarmTick = Long.MAX_VALUE;
            if (armed > 0) {
                currentTick = Math.max(currentTick, nowTick);
                setAlarm(nextTurn(), nanos.getAsLong() - originNanos);
            }
        }
    }

    private void fireUntil(long nowTick) {
        while (armed > 0) {
            long turn = nextTurn();
            if (turn > nowTick) {
                return;
            }
            currentTick = turn;
            for (int level = LEVELS - 1; level > 0; level--) {
                if ((turn & ((1L << (BITS * level)) - 1)) == 0) {
                    cascade(level, (int) ((turn >> (BITS * level)) & (SLOTS - 1)));
                }
            }
            expire((int) (turn & (SLOTS - 1)));
        }
    }

    private void cascade(int level, int slot) {
        Timer head = slots[level][slot];
        occupied[level] &= ~(1L << slot);
        Timer timer = Objects.requireNonNull(head.next);
        head.next = head;
        head.previous = head;
        while (!timer.isHead()) {
            Timer next = Objects.requireNonNull(timer.next);
            if (timer.tick <= currentTick) {
                timer.tick = currentTick;
            }
            link(timer);
            timer = next;
        }
    }

    private void expire(int slot) {
        Timer head = slots[0][slot];
        occupied[0] &= ~(1L << slot);
        for (Timer timer = head.next; timer != null && !timer.isHead(); timer = head.next) {
            unlink(timer);
            try {
                timer.expired();
            } catch (Throwable fault) { // an Error of one timer must not stop the clock for the rest
                faults.accept(fault);
            }
        }
    }

    /** The next tick, after the current one, at which an occupied slot is due; slots may turn out to be empty. */
    private long nextTurn() {
        long best = Long.MAX_VALUE;
        for (int level = 0; level < LEVELS; level++) {
            if (occupied[level] == 0) {
                continue;
            }
            int shift = BITS * level;
            long here = currentTick >> shift;
            int from = (int) ((here + 1) & (SLOTS - 1));
            long rotated = Long.rotateRight(occupied[level], from);
            long slotTick = here + 1 + Long.numberOfTrailingZeros(rotated);
            best = Math.min(best, slotTick << shift);
        }
        return best;
    }

    private void setAlarm(long tick, long nowNanos) {
        alarmTick = tick;
        alarm.set(Math.max(0, tick * TICK_NANOS - nowNanos), this::ring);
    }
}
