package dev.starling.healthcheck.active;

import static dev.starling.healthcheck.Examples.INTERVALS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.starling.config.cluster.HealthCheck.Intervals;
import dev.starling.healthcheck.active.HealthState.Transition;
import java.time.Duration;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CheckScheduleTest {

    private final long seed = Long.getLong("seed", new Random().nextLong());
    private final Random random = new Random(seed);

    @ParameterizedTest
    @CsvSource({
        "true,  UNCHANGED, true,  5",
        "true,  CHANGED,   true,  5",
        "true,  PENDING,   true,  2",
        "false, UNCHANGED, true,  4",
        "false, CHANGED,   true,  4",
        "false, PENDING,   true,  1",
        "true,  UNCHANGED, false, 50",
        "true,  CHANGED,   false, 50",
        "true,  PENDING,   false, 60",
        "false, UNCHANGED, false, 60",
        "false, PENDING,   false, 60",
    })
    void takesTheIntervalOfTheResult(boolean passed, Transition transition, boolean trafficSeen, long seconds) {
        var schedule = new CheckSchedule(INTERVALS, random);

        assertThat(schedule.next(passed, transition, trafficSeen)).isEqualTo(Duration.ofSeconds(seconds));
    }

    @Test
    void checksAtOnceUnlessTheFirstChecksAreSpread() {
        var spread = new CheckSchedule(intervals(1000, 3000, 0, 0), random);

        assertThat(new CheckSchedule(INTERVALS, random).initial()).isZero();
        assertThat(draws(spread::initial).summaryStatistics())
                .as("seed %d", seed)
                .satisfies(drawn -> {
                    assertThat(drawn.getMin()).isBetween(1L, 300L);
                    assertThat(drawn.getMax()).isBetween(2700L, 2999L);
                });
    }

    @Test
    void addsBothJitters() {
        var schedule = new CheckSchedule(intervals(10_000, 0, 2000, 30), random);

        var drawn = draws(() -> schedule.next(true, Transition.UNCHANGED, true)).summaryStatistics();

        // 10 s, up to 30 % of it, and up to 2 s.
        assertThat(drawn.getMin()).as("seed %d", seed).isBetween(10_000L, 11_000L);
        assertThat(drawn.getMax()).as("seed %d", seed).isBetween(14_000L, 14_998L);
        assertThat(drawn.getAverage()).as("seed %d", seed).isBetween(12_350.0, 12_650.0);
    }

    @Test
    void neverSpins() {
        var schedule = new CheckSchedule(intervals(0, 0, 0, 50), random);

        assertThat(schedule.next(true, Transition.UNCHANGED, true)).isEqualTo(Duration.ofMillis(1));
    }

    private static LongStream draws(Supplier<Duration> draw) {
        return LongStream.range(0, 2000).map(_ -> draw.get().toMillis());
    }

    private static Intervals intervals(long millis, long initialJitter, long jitter, int jitterPercent) {
        var interval = Duration.ofMillis(millis);
        return new Intervals(
                interval,
                Duration.ofMillis(initialJitter),
                Duration.ofMillis(jitter),
                jitterPercent,
                interval,
                interval,
                interval,
                interval,
                interval);
    }
}
