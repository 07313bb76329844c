package dev.starling.runtime.loop;

import static java.util.concurrent.TimeUnit.DAYS;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TimerWheelTest {

    private static final int TICK = TimerWheel.TICK_MILLIS;

    private final HeldAlarm time = new HeldAlarm(1_234_567_891L);
    private final TimerWheel wheel = new TimerWheel(time, time, fault -> {
        throw new AssertionError(fault);
    });
    private final List<String> fired = new ArrayList<>();

    private NotingTimer noting(String name) {
        return new NotingTimer(wheel, fired, name, () -> {});
    }

    /** Every border between the levels of the wheel, and what lies beyond the last. */
    @ParameterizedTest
    @ValueSource(
            longs = {
                0,
                1,
                7,
                8,
                9,
                63 * TICK,
                64 * TICK,
                65 * TICK,
                4095 * TICK,
                4096 * TICK,
                4097 * TICK,
                262_143L * TICK,
                262_144L * TICK,
                262_145L * TICK,
                16_777_215L * TICK,
                16_777_216L * TICK,
                16_777_217L * TICK,
                40_000_000_000L
            })
    void firesWithinATickAfterTheDelayAndNotBefore(long delay) {
        time.advanceMillis(12_345);
        NotingTimer timer = noting("a").in(delay);

        time.advanceMillis(delay - 1);
        assertThat(fired).isEmpty();
        assertThat(timer.armed()).isTrue();

        time.advanceMillis(1 + TICK);
        assertThat(fired).containsExactly("a");
        assertThat(timer.armed()).isFalse();
        assertThat(wheel.size()).isZero();
    }

    @Test
    void waitsForTheLongestThatCanBeConfigured() {
        NotingTimer timer = noting("far");
        time.advanceMillis(DAYS.toMillis(1));

        wheel.arm(timer, Long.MAX_VALUE);
        time.advanceMillis(DAYS.toMillis(1));

        assertThat(fired).isEmpty();
        assertThat(timer.armed()).isTrue();
    }

    @Test
    void firesAtTheNextTickWhereTheDelayIsNegative() {
        noting("a").in(-100);
        assertThat(fired).isEmpty();

        time.advanceMillis(TICK);
        assertThat(fired).containsExactly("a");
    }

    @Test
    void firesInTheOrderOfTime() {
        noting("late").in(700);
        noting("first").in(10);
        noting("day").in(DAYS.toMillis(1));
        noting("middle").in(300);

        time.advanceMillis(DAYS.toMillis(2));

        assertThat(fired).containsExactly("first", "middle", "late", "day");
    }

    @Test
    void firesInTheOrderOfTimeEvenIfItRingsLate() {
        noting("late").in(700);
        noting("first").in(10);
        noting("middle").in(300);

        time.stallMillis(10_000);

        assertThat(fired).containsExactly("first", "middle", "late");
    }

    @Test
    void movesATimerThatIsArmedAgain() {
        NotingTimer timer = noting("a").in(100);
        timer.in(500);
        assertThat(wheel.size()).isEqualTo(1);
        time.advanceMillis(499);
        assertThat(fired).isEmpty();

        timer.in(20);
        time.advanceMillis(20 + TICK);
        assertThat(fired).containsExactly("a");

        timer.in(20);
        time.advanceMillis(20 + TICK);
        assertThat(fired).containsExactly("a", "a");
    }

    @Test
    void doesNotFireWhatIsCancelled() {
        NotingTimer timer = noting("a").in(100);
        noting("b").in(100);
        timer.cancel();
        timer.cancel();
        assertThat(timer.armed()).isFalse();
        assertThat(wheel.size()).isEqualTo(1);

        time.advanceMillis(1000);
        assertThat(fired).containsExactly("b");
    }

    @Test
    void asksForNoWakeUpWhileItIsEmpty() {
        assertThat(time.asked()).isFalse();
        noting("a").in(100).cancel();

        time.advanceMillis(1000);
        int sets = time.sets;
        time.advanceMillis(100_000);

        assertThat(time.sets).isEqualTo(sets);
        assertThat(time.asked()).isFalse();
    }

    @Test
    void asksForAnEarlierWakeUpOnlyIfATimerNeedsOne() {
        noting("a").in(100);
        for (int i = 0; i < 100; i++) {
            noting("later").in(200 + i);
        }
        assertThat(time.sets).isEqualTo(1);

        noting("earlier").in(20);
        assertThat(time.sets).isEqualTo(2);
    }

    @Test
    void waitsOnIfItIsRungTooEarly() {
        noting("a").in(100);
        for (int i = 0; i < 10; i++) {
            time.ring();
            assertThat(time.asked()).isTrue();
        }
        assertThat(fired).isEmpty();

        time.advanceMillis(100 + TICK);
        assertThat(fired).containsExactly("a");
    }
}
