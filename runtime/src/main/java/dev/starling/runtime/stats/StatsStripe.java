package dev.starling.runtime.stats;

/**
 * The part of every stat that one event loop writes. Only the thread that owns the loop may pass it to a stat: cells
 * have a single writer and are not atomic.
 */
public final class StatsStripe {

    private final int index;

    StatsStripe(int index) {
        this.index = index;
    }

    public int index() {
        return index;
    }
}
