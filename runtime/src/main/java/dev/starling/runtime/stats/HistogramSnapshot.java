package dev.starling.runtime.stats;

import java.util.Arrays;

/** The merged buckets of a histogram at one moment, asked as circllhist is asked. */
public final class HistogramSnapshot {

    public static final HistogramSnapshot EMPTY = new HistogramSnapshot(new int[0], new long[0]);

    /** Buckets with at least one value, ascending. */
    private final int[] buckets;

    private final long[] counts;
    private final long total;

    private HistogramSnapshot(int[] buckets, long[] counts) {
        this.buckets = buckets;
        this.counts = counts;
        this.total = Arrays.stream(counts).sum();
    }

    /** Takes the counts by bucket, and leaves the array zeroed for the next histogram. */
    static HistogramSnapshot drain(long[] countsByBucket) {
        int size = 0;
        for (long count : countsByBucket) {
            size += count == 0 ? 0 : 1;
        }
        int[] buckets = new int[size];
        long[] counts = new long[size];
        int at = 0;
        for (int bucket = 0; bucket < countsByBucket.length; bucket++) {
            if (countsByBucket[bucket] != 0) {
                buckets[at] = bucket;
                counts[at++] = countsByBucket[bucket];
                countsByBucket[bucket] = 0;
            }
        }
        return size == 0 ? EMPTY : new HistogramSnapshot(buckets, counts);
    }

    /** What came since an earlier snapshot of the same histogram. */
    HistogramSnapshot minus(HistogramSnapshot earlier) {
        if (earlier.total == total) {
            return EMPTY;
        }
        int[] newBuckets = new int[buckets.length];
        long[] newCounts = new long[buckets.length];
        int size = 0;
        int other = 0;
        for (int i = 0; i < buckets.length; i++) {
            while (other < earlier.buckets.length && earlier.buckets[other] < buckets[i]) {
                other++;
            }
            boolean same = other < earlier.buckets.length && earlier.buckets[other] == buckets[i];
            long count = counts[i] - (same ? earlier.counts[other] : 0);
            if (count > 0) {
                newBuckets[size] = buckets[i];
                newCounts[size++] = count;
            }
        }
        return new HistogramSnapshot(Arrays.copyOf(newBuckets, size), Arrays.copyOf(newCounts, size));
    }

    public long count() {
        return total;
    }

    /** Each value taken as the middle of its bucket. */
    public double sum() {
        double sum = 0;
        for (int i = 0; i < buckets.length; i++) {
            sum += (LogLinearBuckets.lower(buckets[i]) + LogLinearBuckets.width(buckets[i]) / 2) * counts[i];
        }
        return sum;
    }

    /** Values whose whole bucket lies at or below the bound. */
    public long countBelow(double bound) {
        long below = 0;
        for (int i = 0; i < buckets.length; i++) {
            if (LogLinearBuckets.lower(buckets[i]) + LogLinearBuckets.width(buckets[i]) > bound) {
                break;
            }
            below += counts[i];
        }
        return below;
    }

    /**
     * Values at ascending quantiles from 0 to 1, interpolated within their bucket; NaN when there is no value.
     * (libcircllhist, {@code hist_approx_quantile})
     */
    public double[] quantiles(double... quantiles) {
        double[] values = new double[quantiles.length];
        if (total == 0) {
            Arrays.fill(values, Double.NaN);
            return values;
        }
        int at = 0;
        long below = 0;
        for (int q = 0; q < quantiles.length; q++) {
            double rank = total * quantiles[q];
            while (at < buckets.length - 1 && below + counts[at] < rank) {
                below += counts[at++];
            }
            double lower = LogLinearBuckets.lower(buckets[at]);
            values[q] = lower + (rank - below) / counts[at] * LogLinearBuckets.width(buckets[at]);
        }
        return values;
    }
}
