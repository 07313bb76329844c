package dev.starling.runtime.loop;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
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

    /** Notes when it fires, and then does something. */
    private final class Noting extends TimerWheel.Timer {

        private final String name;
        private final Runnable then;

        Noting(String name, Runnable then) {
            this.name = name;
            this.then = then;
        }

        Noting(String name) {
            this(name, () -> {});
        }

        Noting in(long millis) {
            wheel.arm(this, MILLISECONDS.toNanos(millis));
            return this;
        }

        @Override
        protected void expired() {
            fired.add(name);
            then.run();
        }
    }

    @Test
    void letsATimerArmItselfAgain() {
        Noting[] self = new Noting[1];
        self[0] = new Noting("a", () -> self[0].in(fired.size() < 5 ? 10 : 1000));
        self[0].in(10);

        time.advanceMillis(5 * (10 + TICK));

        assertThat(fired).containsExactly("a", "a", "a", "a", "a");
        assertThat(wheel.size()).isEqualTo(1);
    }

    @Test
    void doesNotLoopWhereATimerArmsItselfWithoutDelay() {
        Noting[] self = new Noting[1];
        self[0] = new Noting("a", () -> self[0].in(0));
        self[0].in(0);

        time.stallMillis(TICK);
        assertThat(fired).hasSizeLessThanOrEqualTo(2);

        fired.clear();
        time.stallMillis(TICK);
        assertThat(fired).hasSize(1);
    }

    @Test
    void letsATimerCancelOthersThatAreDueWithIt() {
        Noting second = new Noting("second");
        Noting third = new Noting("third");
        new Noting("first", () -> {
                    second.cancel();
                    third.cancel();
                })
                .in(100);
        second.in(100);
        third.in(200);
        new Noting("fourth").in(100);

        time.advanceMillis(1000);

        assertThat(fired).containsExactly("first", "fourth");
    }

    @Test
    void letsATimerMoveAnotherThatIsDueWithIt() {
        Noting second = new Noting("second");
        new Noting("first", () -> second.in(50)).in(100);
        second.in(100);

        time.advanceMillis(100 + TICK);
        assertThat(fired).containsExactly("first");

        time.advanceMillis(50 + TICK);
        assertThat(fired).containsExactly("first", "second");
    }

    @Test
    void firesAllThatIsDueEvenIfOneArmsAnotherWhileItRingsLate() {
        new Noting("first", () -> new Noting("new").in(1000)).in(10);
        new Noting("second").in(100);
        new Noting("third").in(600);

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
            new Noting("first", () -> new Noting(name).in(delay)).in(10);
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
        new Noting("first", () -> {
                    throw exception;
                })
                .in(100);
        new Noting("second", () -> {
                    throw error;
                })
                .in(100);
        new Noting("third").in(100);
        new Noting("fourth").in(200);

        time.advanceMillis(1000);

        assertThat(fired).containsExactly("first", "second", "third", "fourth");
        assertThat(faults).containsExactly(exception, error);
    }
}
