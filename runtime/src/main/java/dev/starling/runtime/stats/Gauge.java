package dev.starling.runtime.stats;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/** A number that goes up and down. */
public final class Gauge implements Metric {

    private static final VarHandle SHARED;

    static {
        try {
            SHARED = MethodHandles.lookup().findVarHandle(Gauge.class, "shared", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final String name;
    private final long[] @Nullable [] rows;
    private final int cell;
    private volatile long shared;
    /** Written once and from then on only read, so that it costs loops no cache line. */
    private volatile boolean used;

    Gauge(String name, long[] @Nullable [] rows, int cell) {
        this.name = name;
        this.rows = rows;
        this.cell = cell;
    }

    /** On the stripe's own loop. */
    public void add(StatsStripe stripe, long delta) {
        CellBlock.add(rows, stripe.index(), cell, delta);
        markUsed();
    }

    /** On the stripe's own loop. */
    public void inc(StatsStripe stripe) {
        add(stripe, 1);
    }

    /** On the stripe's own loop. */
    public void dec(StatsStripe stripe) {
        add(stripe, -1);
    }

    /** On any thread, at the price of an atomic addition. */
    public void add(long delta) {
        SHARED.getAndAdd(this, delta);
        markUsed();
    }

    /** For a gauge that one control thread owns: what loops add in the same moment is lost or kept, as it falls. */
    public void set(long value) {
        shared = value - CellBlock.sum(rows, cell);
        markUsed();
    }

    /**
     * What is shown as unsigned, because Envoy puts hashes into gauges. Loops are read one after the other, so that a
     * sum may be short for a moment: it is never shown below zero.
     */
    public long value() {
        long striped = CellBlock.sum(rows, cell);
        long value = shared + striped;
        return value < 0 && striped != 0 ? 0 : value;
    }

    private void markUsed() {
        if (!used) {
            used = true;
        }
    }

    @Override
    public boolean used() {
        return used;
    }

    @Override
    public String name() {
        return name;
    }
}
