package dev.starling.runtime.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;

class LogLinearBucketsTest {

    @Test
    void putsEachValueBetweenTheBoundsOfItsBucket() {
        long seed = Long.getLong("seed", System.nanoTime());
        Random random = new Random(seed);

        for (int i = 0; i < 100_000; i++) {
            long value = random.nextLong() >>> (1 + random.nextInt(63));
            int bucket = LogLinearBuckets.index(value);
            double lower = LogLinearBuckets.lower(bucket);
            double upper = lower + LogLinearBuckets.width(bucket);
            double rounding = lower * 1e-12;
            assertThat((double) value)
                    .as("seed %d, value %d", seed, value)
                    .isBetween(lower - rounding, value == 0 ? 0 : upper + rounding);
        }
    }

    @Test
    void numbersBucketsWithoutGaps() {
        int before = -1;
        for (long value = 0; value < 1_000_000; value++) {
            int bucket = LogLinearBuckets.index(value);
            assertThat(bucket).isBetween(before, before + 1);
            before = bucket;
        }
    }

    @Test
    void hasRoomForTheLargestValueAndCountsNegativeOnesAsZero() {
        assertThat(LogLinearBuckets.index(Long.MAX_VALUE)).isLessThan(LogLinearBuckets.COUNT);
        assertThat(LogLinearBuckets.index(Long.MIN_VALUE)).isZero();
        assertThat(LogLinearBuckets.lower(LogLinearBuckets.index(Long.MAX_VALUE)))
                .isCloseTo(9.2e18, within(1e5));
    }
}
