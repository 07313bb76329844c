package dev.starling.runtime.stats.render;

import dev.starling.runtime.stats.HistogramSnapshot;

/** The quantiles and bounds by which histograms are shown, with their spellings. */
final class HistogramBounds {

    private static final double[] QUANTILES = {0, 0.25, 0.5, 0.75, 0.90, 0.95, 0.99, 0.995, 0.999, 1};

    static final String[] QUANTILE_TEXTS = {"0", "0.25", "0.5", "0.75", "0.9", "0.95", "0.99", "0.995", "0.999", "1"};

    static final String[] PERCENT_TEXTS = {"0", "25", "50", "75", "90", "95", "99", "99.5", "99.9", "100"};

    /** Envoy's defaults, meant as milliseconds. */
    private static final double[] BUCKETS = {
        0.5, 1, 5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10000, 30000, 60000, 300000, 600000, 1800000, 3600000
    };

    static final int BUCKET_COUNT = BUCKETS.length;

    private HistogramBounds() {}

    static double bucket(int i) {
        return BUCKETS[i];
    }

    static double[] quantiles(HistogramSnapshot snapshot) {
        return snapshot.quantiles(QUANTILES);
    }

    static long[] counts(HistogramSnapshot snapshot, HistogramMode mode) {
        long[] counts = new long[BUCKETS.length];
        long before = 0;
        for (int i = 0; i < counts.length; i++) {
            long below = snapshot.countBelow(BUCKETS[i]);
            counts[i] = mode == HistogramMode.DISJOINT ? below - before : below;
            before = below;
        }
        return counts;
    }
}
