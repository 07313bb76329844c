package dev.starling.runtime.stats;

import java.util.Collection;
import java.util.function.Function;

/**
 * All stats of one proxy. Names come and go under one lock that no increment takes; what the admin pages walk is sorted
 * and needs no lock.
 */
public final class StatsStore {

    /** Guards names, not values. */
    final Object lock = new Object();

    final Registry<Counter> counters;
    final Registry<Gauge> gauges;
    final Registry<Histogram> histograms;
    final Registry<TextReadout> textReadouts;

    private final StatsLimits limits;
    private final StatsStripe[] stripes;
    private final Counter refused;
    private int size;

    /** Only the merging thread's. */
    private final long[] mergeScratch = new long[LogLinearBuckets.COUNT];

    private final Object mergeLock = new Object();

    public StatsStore(int loops) {
        this(loops, StatsLimits.DEFAULT);
    }

    public StatsStore(int loops, StatsLimits limits) {
        this.limits = limits;
        stripes = new StatsStripe[loops];
        for (int loop = 0; loop < loops; loop++) {
            stripes[loop] = new StatsStripe(loop);
        }
        CellArena unnamed = new CellArena(loops);
        counters = new Registry<>(unnamed.counter(""));
        gauges = new Registry<>(unnamed.gauge(""));
        histograms = new Registry<>(new Histogram("", Histogram.Unit.UNSPECIFIED, loops));
        textReadouts = new Registry<>(new TextReadout(""));
        refused = unnamed.counter("starling.stats.refused");
        counters.add(refused);
    }

    int loops() {
        return stripes.length;
    }

    public StatsStripe stripe(int loop) {
        return stripes[loop];
    }

    /**
     * A new scope.
     *
     * @param prefix with its dot at the end, such as {@code cluster.shop.}; empty for stats of no scope
     */
    public StatsScope scope(String prefix) {
        return new StatsScope(this, sanitize(prefix), new CellArena(loops()), null);
    }

    /** Sorted by name; may be walked while stats come and go. */
    public Collection<Counter> counters() {
        return counters.all();
    }

    /** Sorted by name; may be walked while stats come and go. */
    public Collection<Gauge> gauges() {
        return gauges.all();
    }

    /** Sorted by name; may be walked while stats come and go. */
    public Collection<Histogram> histograms() {
        return histograms.all();
    }

    /** Sorted by name; may be walked while stats come and go. */
    public Collection<TextReadout> textReadouts() {
        return textReadouts.all();
    }

    /** Envoy's {@code /reset_counters}: gauges and histograms keep their values. */
    public void resetCounters() {
        for (Counter counter : counters()) {
            counter.reset();
        }
    }

    /** Makes what was recorded visible. Called on every stats flush; takes time by the number of histograms. */
    public void mergeHistograms() {
        synchronized (mergeLock) {
            for (Histogram histogram : histograms()) {
                histogram.merge(mergeScratch);
            }
        }
    }

    /** What Envoy writes in place of characters that its own names give a meaning to. */
    static String sanitize(String name) {
        return name.indexOf(':') < 0 && name.indexOf('\0') < 0
                ? name
                : name.replace("://", "_").replace(":/", "_").replace(':', '_').replace('\0', '_');
    }

    /**
     * The stat of that name, with one more holder, or the one that stands for all that are too many. Under the lock.
     */
    <M extends Metric> M hold(Registry<M> registry, String name, Function<String, M> make) {
        M shared = registry.share(name);
        if (shared != null) {
            return shared;
        }
        if (size >= limits.maxStats() || name.length() > limits.maxNameLength()) {
            refused.inc();
            return registry.refused();
        }
        M made = make.apply(name);
        registry.add(made);
        size++;
        return made;
    }

    /** Under the lock. */
    <M extends Metric> void release(Registry<M> registry, Collection<M> held) {
        for (M metric : held) {
            if (registry.release(metric)) {
                size--;
            }
        }
    }
}
