package dev.starling.runtime.loop;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The wheel beside the simplest thing that could do the same: each timer knows when it is due. */
class TimerWheelRandomTest {

    private static final long TICK_NANOS = MILLISECONDS.toNanos(TimerWheel.TICK_MILLIS);
    private static final int TIMERS = 40;
    private static final int STEPS = 20_000;
    private static final long NOT_ARMED = Long.MAX_VALUE;

    private final HeldAlarm time = new HeldAlarm(0);
    private final List<Throwable> faults = new ArrayList<>();
    private final TimerWheel wheel = new TimerWheel(time, time, faults::add);
    private final List<Checked> timers = new ArrayList<>();
    private RandomGenerator random = new Random(0);

    /** What it is due by, in nanoseconds of the clock. */
    private final class Checked extends TimerWheel.Timer {

        private final int busyness;
        long dueNanos = NOT_ARMED;
        int fired;

        Checked(int busyness) {
            this.busyness = busyness;
        }

        void arm() {
            long delay = delayNanos();
            dueNanos = time.getAsLong() + Math.max(0, delay);
            wheel.arm(this, delay);
        }

        void disarm() {
            dueNanos = NOT_ARMED;
            cancel();
        }

        @Override
        protected void expired() {
            assertThat(dueNanos).as("due at %d", dueNanos).isLessThanOrEqualTo(time.getAsLong());
            fired++;
            dueNanos = NOT_ARMED;
            for (int i = random.nextInt(1 + busyness); i > 0; i--) {
                act();
            }
        }
    }

    /** Mostly short, sometimes beyond each level of the wheel. */
    private long delayNanos() {
        int bits = random.nextInt(1, 50);
        return random.nextLong(1L << bits) - (random.nextInt(50) == 0 ? 1000 : 0);
    }

    private void act() {
        Checked timer = timers.get(random.nextInt(TIMERS));
        if (random.nextInt(3) == 0) {
            timer.disarm();
        } else {
            timer.arm();
        }
    }

    private void pass() {
        long millis = random.nextLong(1L << random.nextInt(1, random.nextInt(20) == 0 ? 30 : 12));
        if (random.nextInt(3) == 0) {
            time.stallMillis(millis);
        } else {
            time.advanceMillis(millis);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void doesAsTheModelDoes(long seed) {
        run(seed);
    }

    @Test
    void doesAsTheModelDoesWithASeedOfItsOwn() {
        long seed = new Random().nextLong();
        System.out.println("TimerWheelRandomTest seed " + seed);
        run(seed);
    }

    private void run(long seed) {
        random = new Random(seed);
        for (int i = 0; i < TIMERS; i++) {
            timers.add(new Checked(i % 4));
        }
        for (int step = 0; step < STEPS; step++) {
            act();
            if (random.nextInt(4) == 0) {
                pass();
                assertThat(faults).as("seed %d, step %d", seed, step).isEmpty();
            }
            int armed = 0;
            for (Checked timer : timers) {
                boolean waits = timer.dueNanos != NOT_ARMED;
                armed += waits ? 1 : 0;
                assertThat(timer.armed()).as("seed %d, step %d", seed, step).isEqualTo(waits);
                assertThat(waits ? time.getAsLong() - timer.dueNanos : 0)
                        .as("nanoseconds late with seed %d at step %d", seed, step)
                        .isLessThanOrEqualTo(TICK_NANOS);
            }
            assertThat(wheel.size()).isEqualTo(armed);
        }
        assertThat(timers).allMatch(timer -> timer.fired > 0);
    }
}
