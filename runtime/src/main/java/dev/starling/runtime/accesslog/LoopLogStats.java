package dev.starling.runtime.accesslog;

import dev.starling.runtime.stats.StatsStripe;
import dev.starling.xds.accesslog.LogStreamStats;

/** What is counted on one loop. Confined to it. */
public final class LoopLogStats implements LogStreamStats {

    private final LogServiceStats stats;
    private final StatsStripe stripe;

    LoopLogStats(LogServiceStats stats, StatsStripe stripe) {
        this.stats = stats;
        this.stripe = stripe;
    }

    @Override
    public void written() {
        stats.written().inc(stripe);
    }

    @Override
    public void dropped() {
        stats.dropped().inc(stripe);
    }

    @Override
    public void flushed(int entries) {
        stats.flushed().add(stripe, entries);
    }

    @Override
    public void flushFailed(int entries) {
        stats.flushFailed().add(stripe, entries);
    }
}
