package dev.starling.runtime.loop;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What timers do to others, and to themselves, when they fire. */
class TimerWheelCallbackTest {

    private static final int TICK = TimerWheel.TICK_MILLIS;

    private final HeldAlarm time = new HeldAlarm(1_234_567_891L);
    private final List<Throwable> faults = new ArrayList<>();
    private final TimerWheel wheel = new TimerWheel(time, time, faults::add);
    private final List<String> fired = new ArrayList<>();

    private NotingTimer noting(String name) {
        return noting(name, () -> {});
    }

    private NotingTimer noting(String name, Runnable then) {
        return new NotingTimer(wheel, fired, name, then);
    }

    @Test
    void letsATimerArmItselfAgain() {
        NotingTimer[] self = new NotingTimer[1];
        self[0] = noting("a", () -> self[0].in(fired.size() < 5 ? 10 : 1000));
        self[0].in(10);

        time.advanceMillis(5 * (10 + TICK));

        assertThat(fired).containsExactly("a", "a", "a", "a", "a");
        assertThat(wheel.size()).isEqualTo(1);
    }

    @Test
    void doesNotLoopWhereATimerArmsItselfWithoutDelay() {
        NotingTimer[] self = new NotingTimer[1];
        self[0] = noting("a", () -> self[0].in(0));
        self[0].in(0);

        time.stallMillis(TICK);
        assertThat(fired).hasSizeLessThanOrEqualTo(2);

        fired.clear();
        time.stallMillis(TICK);
        assertThat(fired).hasSize(1);
    }

    @Test
    void letsATimerCancelOthersThatAreDueWithIt() {
        NotingTimer second = noting("second");
        NotingTimer third = noting("third");
        noting("first", () -> {
                    second.cancel();
                    third.cancel();
                })
                .in(100);
        second.in(100);
        third.in(200);
        noting("fourth").in(100);

        time.advanceMillis(1000);

        assertThat(fired).containsExactly("first", "fourth");
    }

    @Test
    void letsATimerMoveAnotherThatIsDueWithIt() {
        NotingTimer second = noting("second");
        noting("first", () -> second.in(50)).in(100);
        second.in(100);

        time.advanceMillis(100 + TICK);
        assertThat(fired).containsExactly("first");

        time.advanceMillis(50 + TICK);
        assertThat(fired).containsExactly("first", "second");
    }

    @Test
    void firesAllThatIsDueEvenIfOneArmsAnotherWhileItRingsLate() {
        noting("first", () -> noting("new").in(1000)).in(10);
        noting("second").in(100);
        noting("third").in(600);

        time.stallMillis(800);

        assertThat(fired).containsExactly("first", "second", "third");
        time.advanceMillis(999);
        assertThat(fired).hasSize(3);
        time.advanceMillis(1 + TICK);
        assertThat(fired).endsWith("new");
    }

    /** When the wheel is late, no delay may lead into the slot that is just being looked at. */
    @Test
    void doesNotFireEarlyWhatIsArmedWhileItRingsLate() {
        for (int ticks = 0; ticks < 200; ticks++) {
            String name = "after " + ticks;
            int delay = ticks * TICK;
            fired.clear();
            noting("first", () -> noting(name).in(delay)).in(10);
            time.stallMillis(800);
            assertThat(fired).as(name).startsWith("first");

            time.advanceMillis(Math.max(0, delay - 1));
            assertThat(fired.size()).as(name).isLessThanOrEqualTo(delay == 0 ? 2 : 1);
            time.advanceMillis(1 + TICK);
            assertThat(fired).containsExactly("first", name);
        }
    }

    @Test
    void firesTheOthersWhereOneThrows() {
        RuntimeException exception = new IllegalStateException("exception");
        Error error = new AssertionError("error");
        noting("first", () -> {
                    throw exception;
                })
                .in(100);
        noting("second", () -> {
                    throw error;
                })
                .in(100);
        noting("third").in(100);
        noting("fourth").in(200);

        time.advanceMillis(1000);

        assertThat(fired).containsExactly("first", "second", "third", "fourth");
        assertThat(faults).containsExactly(exception, error);
    }
}
