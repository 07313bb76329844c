package dev.starling.runtime.control.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.starling.config.cluster.Cluster.DnsSettings;
import dev.starling.config.cluster.Cluster.LookupFamily;
import java.time.Duration;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class DnsScheduleTest {

    private static final long SEED = Long.getLong("seed", 7);
    private static final int DRAWS = 1000;

    @Test
    void asksAgainAtTheRefreshRateWhateverTheTimeToLive() {
        var schedule = schedule(Optional.empty(), Duration.ZERO, false);

        assertThat(schedule.afterSuccess(Duration.ofSeconds(60))).isEqualTo(Duration.ofSeconds(5));
        assertThat(schedule.afterFailure()).isEqualTo(Duration.ofSeconds(5));
    }

    @Test
    void followsTheTimeToLiveWhereConfigured() {
        var schedule = schedule(Optional.empty(), Duration.ZERO, true);

        assertThat(schedule.afterSuccess(Duration.ofSeconds(60))).isEqualTo(Duration.ofSeconds(60));
        assertThat(schedule.afterSuccess(Duration.ZERO)).isEqualTo(Duration.ofSeconds(5));
    }

    @Test
    void addsJitterToSuccessOnly() {
        var schedule = schedule(Optional.empty(), Duration.ofSeconds(2), false);

        for (int i = 0; i < DRAWS; i++) {
            assertThat(schedule.afterSuccess(Duration.ZERO))
                    .as("seed %d", SEED)
                    .isBetween(Duration.ofSeconds(5), Duration.ofMillis(6999));
            assertThat(schedule.afterFailure()).isEqualTo(Duration.ofSeconds(5));
        }
    }

    @Test
    void backsOffFromFailureAtRandomBelowAnIntervalThatDoubles() {
        Duration[] longest = {Duration.ZERO, Duration.ZERO, Duration.ZERO, Duration.ZERO, Duration.ZERO};
        for (int i = 0; i < DRAWS; i++) {
            var schedule = new DnsSchedule(
                    settings(Optional.of(Duration.ofSeconds(1)), Duration.ZERO, false), new Random(SEED + i));
            for (int attempt = 0; attempt < longest.length; attempt++) {
                Duration delay = schedule.afterFailure();
                longest[attempt] = longest[attempt].compareTo(delay) < 0 ? delay : longest[attempt];
            }
        }

        Duration[] bounds = {
            Duration.ofSeconds(1),
            Duration.ofSeconds(2),
            Duration.ofSeconds(4),
            Duration.ofSeconds(8),
            Duration.ofSeconds(10)
        };
        for (int attempt = 0; attempt < bounds.length; attempt++) {
            assertThat(longest[attempt])
                    .as("attempt %d, seed %d", attempt, SEED)
                    .isBetween(bounds[attempt].multipliedBy(9).dividedBy(10), bounds[attempt]);
        }
    }

    @Test
    void beginsTheBackoffAnewAfterSuccess() {
        var schedule = schedule(Optional.of(Duration.ofSeconds(1)), Duration.ZERO, false);
        for (int i = 0; i < 10; i++) {
            schedule.afterFailure();
        }

        schedule.afterSuccess(Duration.ZERO);

        assertThat(schedule.afterFailure()).as("seed %d", SEED).isLessThan(Duration.ofSeconds(1));
    }

    private static DnsSchedule schedule(Optional<Duration> failureBase, Duration jitter, boolean respectTtl) {
        return new DnsSchedule(settings(failureBase, jitter, respectTtl), new Random(SEED));
    }

    private static DnsSettings settings(Optional<Duration> failureBase, Duration jitter, boolean respectTtl) {
        return new DnsSettings(
                Duration.ofSeconds(5), failureBase, Duration.ofSeconds(10), jitter, respectTtl, LookupFamily.AUTO);
    }
}
