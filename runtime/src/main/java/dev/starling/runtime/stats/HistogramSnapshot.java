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

    /**
     * Each value taken as the harmonic mean of its bucket's bounds, the middle of a Pareto distribution.
     * (libcircllhist, {@code hist_bucket_midpoint})
     */
    public double sum() {
        double sum = 0;
        for (int i = 0; i < buckets.length; i++) {
            double lower = LogLinearBuckets.lower(buckets[i]);
            double width = LogLinearBuckets.width(buckets[i]);
            sum += (lower == 0 ? 0 : lower + width * (lower / (lower + (lower + width)))) * counts[i];
        }
        return sum;
    }

    /** Values in the buckets that begin at or below the bound, so that a bound is counted with its whole bucket. */
    public long countBelow(double bound) {
        long below = 0;
        for (int i = 0; i < buckets.length && LogLinearBuckets.lower(buckets[i]) <= bound; i++) {
            below += counts[i];
        }
        return below;
    }

    /**
     * Values at ascending quantiles from 0 to 1: of the nearest rank, the values of a bucket being spread evenly within
     * it. NaN when there is no value.
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
            double rank = Math.max(1, Math.ceil(quantiles[q] * total));
            while (at < buckets.length - 1 && below + counts[at] < rank) {
                below += counts[at++];
            }
            double share = (rank - below) / (counts[at] + 1);
            values[q] = LogLinearBuckets.lower(buckets[at]) + LogLinearBuckets.width(buckets[at]) * share;
        }
        return values;
    }

    /** Calls back for each bucket that has a value, ascending. */
    public void forEachBucket(BucketVisitor visitor) {
        for (int i = 0; i < buckets.length; i++) {
            visitor.bucket(LogLinearBuckets.lower(buckets[i]), LogLinearBuckets.width(buckets[i]), counts[i]);
        }
    }

    /** Sees one bucket. */
    @FunctionalInterface
    public interface BucketVisitor {
        void bucket(double lower, double width, long count);
    }
}
