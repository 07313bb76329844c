package dev.starling.runtime.stats;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/** A number that only grows, but for {@link #reset}. */
public final class Counter implements Metric {

    private static final VarHandle SHARED;

    static {
        try {
            SHARED = MethodHandles.lookup().findVarHandle(Counter.class, "shared", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final String name;
    private final long[] @Nullable [] rows;
    private final int cell;
    /** What threads that are no event loop have added, less what was there at the last reset. */
    private volatile long shared;

    private volatile boolean reset;

    Counter(String name, long[] @Nullable [] rows, int cell) {
        this.name = name;
        this.rows = rows;
        this.cell = cell;
    }

    /** On the stripe's own loop. */
    public void inc(StatsStripe stripe) {
        CellBlock.add(rows, stripe.index(), cell, 1);
    }

    /** On the stripe's own loop. */
    public void add(StatsStripe stripe, long n) {
        CellBlock.add(rows, stripe.index(), cell, n);
    }

    /** On any thread, at the price of an atomic addition. */
    public void inc() {
        add(1);
    }

    /** On any thread, at the price of an atomic addition. */
    public void add(long n) {
        SHARED.getAndAdd(this, n);
    }

    public long value() {
        return shared + CellBlock.sum(rows, cell);
    }

    /** Counts from zero again. Cells belong to their loops, so what they hold is subtracted and not cleared. */
    void reset() {
        long value = value();
        if (value != 0) {
            reset = true;
            SHARED.getAndAdd(this, -value);
        }
    }

    @Override
    public boolean used() {
        return reset || value() != 0;
    }

    @Override
    public String name() {
        return name;
    }
}
