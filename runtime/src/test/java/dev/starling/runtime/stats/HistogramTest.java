package dev.starling.runtime.stats;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class HistogramTest {

    private final StatsStore store = new StatsStore(2);
    private final Histogram histogram =
            store.scope("cluster.shop.").histogram("upstream_rq_time", Histogram.Unit.MILLISECONDS);

    @Test
    void isSeenOnlyAfterAMerge() {
        histogram.record(store.stripe(0), 12);
        assertThat(histogram.cumulative().count()).isZero();
        assertThat(histogram.used()).isFalse();

        store.mergeHistograms();
        assertThat(histogram.cumulative().count()).isEqualTo(1);
        assertThat(histogram.used()).isTrue();
    }

    @Test
    void tellsTheLastIntervalFromAllTime() {
        histogram.record(store.stripe(0), 12);
        histogram.record(store.stripe(1), 13);
        store.mergeHistograms();
        histogram.record(store.stripe(1), 12);
        histogram.record(store.stripe(1), 500);
        store.mergeHistograms();

        assertThat(histogram.interval().count()).isEqualTo(2);
        assertThat(histogram.interval().quantiles(0, 1)).containsExactly(12.5, 505);
        assertThat(histogram.cumulative().count()).isEqualTo(4);

        store.mergeHistograms();
        assertThat(histogram.interval().count()).isZero();
        assertThat(histogram.interval().quantiles(0.5)).containsOnly(Double.NaN);
        assertThat(histogram.cumulative().count()).isEqualTo(4);
    }

    @Test
    void keepsEveryBucketItMeets() {
        for (long value = 1; value > 0 && value < Long.MAX_VALUE / 3; value *= 3) {
            histogram.record(store.stripe(0), value);
            histogram.record(store.stripe(0), value);
        }
        store.mergeHistograms();

        int[] buckets = new int[1];
        histogram.cumulative().forEachBucket((lower, width, count) -> {
            assertThat(count).isEqualTo(2);
            buckets[0]++;
        });
        assertThat(buckets[0]).isEqualTo(39);
    }
}
