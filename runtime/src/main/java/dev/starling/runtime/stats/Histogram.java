package dev.starling.runtime.stats;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * A distribution of whole numbers. Loops count into buckets of their own; what readers see is merged from them now and
 * then ({@link StatsStore#mergeHistograms}), as in Envoy.
 */
public final class Histogram implements Metric {

    /** What the numbers are; Envoy prints it nowhere but keeps percentages apart. */
    public enum Unit {
        UNSPECIFIED,
        BYTES,
        MICROSECONDS,
        MILLISECONDS
    }

    private static final VarHandle ROW = MethodHandles.arrayElementVarHandle(BucketCounts[].class);

    private final String name;
    private final Unit unit;
    private final @Nullable BucketCounts[] rows;
    private volatile HistogramSnapshot cumulative = HistogramSnapshot.EMPTY;
    private volatile HistogramSnapshot interval = HistogramSnapshot.EMPTY;

    Histogram(String name, Unit unit, int loops) {
        this.name = name;
        this.unit = unit;
        this.rows = new BucketCounts[loops + 1];
    }

    /** On the stripe's own loop. Negative values count as zero. */
    public void record(StatsStripe stripe, long value) {
        recordIn(stripe.index(), value);
    }

    /** By any thread that is no loop's; they wait for each other. */
    public synchronized void record(long value) {
        recordIn(rows.length - 1, value);
    }

    private void recordIn(int loop, long value) {
        BucketCounts counts = rows[loop];
        if (counts == null) {
            counts = new BucketCounts();
            ROW.setRelease(rows, loop, counts);
        }
        int bucket = LogLinearBuckets.index(value);
        if (!counts.increment(bucket)) {
            BucketCounts grown = counts.grown();
            grown.increment(bucket);
            ROW.setRelease(rows, loop, grown);
        }
    }

    /** Everything up to the last merge. */
    public HistogramSnapshot cumulative() {
        return cumulative;
    }

    /** What came between the last two merges. */
    public HistogramSnapshot interval() {
        return interval;
    }

    public Unit unit() {
        return unit;
    }

    /** By one thread at a time. Most histograms of a large store have nothing new: these are only looked through. */
    void merge(long[] scratch) {
        long total = 0;
        for (int loop = 0; loop < rows.length; loop++) {
            BucketCounts counts = row(loop);
            total += counts == null ? 0 : counts.total();
        }
        HistogramSnapshot before = cumulative;
        if (total == before.count()) {
            interval = HistogramSnapshot.EMPTY;
            return;
        }
        for (int loop = 0; loop < rows.length; loop++) {
            BucketCounts counts = row(loop);
            if (counts != null) {
                counts.addTo(scratch);
            }
        }
        HistogramSnapshot now = HistogramSnapshot.drain(scratch);
        interval = now.minus(before);
        cumulative = now;
    }

    private @Nullable BucketCounts row(int loop) {
        return (BucketCounts) ROW.getAcquire(rows, loop);
    }

    @Override
    public boolean used() {
        return cumulative.count() != 0;
    }

    @Override
    public String name() {
        return name;
    }
}
