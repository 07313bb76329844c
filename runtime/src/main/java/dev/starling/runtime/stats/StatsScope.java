package dev.starling.runtime.stats;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Stats that begin with one prefix and leave together. Asking twice for a name gives the same stat; asking for one that
 * another scope made shares it, and it stays until both scopes are removed, as when a cluster is replaced by its next
 * version. Hold on to what is returned: a request should not look names up. What the store has no room for, or what is
 * asked of a removed scope, can be written like any other but is shown nowhere.
 */
public final class StatsScope {

    private final StatsStore store;
    private final String prefix;
    private final CellArena arena;
    private final @Nullable StatsScope parent;

    // All guarded by the store's lock.
    private final Map<String, Counter> counters = new HashMap<>();
    private final Map<String, Gauge> gauges = new HashMap<>();
    private final Map<String, Histogram> histograms = new HashMap<>();
    private final Map<String, TextReadout> textReadouts = new HashMap<>();
    private final List<StatsScope> parts = new ArrayList<>();
    private boolean removed;

    StatsScope(StatsStore store, String prefix, CellArena arena, @Nullable StatsScope parent) {
        this.store = store;
        this.prefix = prefix;
        this.arena = arena;
        this.parent = parent;
    }

    public Counter counter(String name) {
        return held(store.counters, counters, name, arena::counter);
    }

    public Gauge gauge(String name) {
        return held(store.gauges, gauges, name, arena::gauge);
    }

    public Histogram histogram(String name, Histogram.Unit unit) {
        return held(store.histograms, histograms, name, full -> new Histogram(full, unit, store.loops()));
    }

    public TextReadout textReadout(String name) {
        return held(store.textReadouts, textReadouts, name, TextReadout::new);
    }

    /** A part of this scope that can be removed alone, and goes with it. */
    public StatsScope scope(String partPrefix) {
        synchronized (store.lock) {
            StatsScope part = new StatsScope(store, prefix + StatsStore.sanitize(partPrefix), arena, this);
            part.removed = removed;
            if (!removed) {
                parts.add(part);
            }
            return part;
        }
    }

    /** Takes all names made through this scope and its parts out of the store. Who holds a stat may still write it. */
    public void remove() {
        synchronized (store.lock) {
            if (!removed) {
                if (parent != null) {
                    parent.parts.remove(this);
                }
                release();
            }
        }
    }

    private void release() {
        removed = true;
        store.release(store.counters, counters.values());
        store.release(store.gauges, gauges.values());
        store.release(store.histograms, histograms.values());
        store.release(store.textReadouts, textReadouts.values());
        parts.forEach(StatsScope::release);
        parts.clear();
    }

    private <M extends Metric> M held(
            Registry<M> registry, Map<String, M> mine, String name, Function<String, M> make) {
        synchronized (store.lock) {
            M known = mine.get(name);
            if (known != null) {
                return known;
            }
            String fullName = prefix + name;
            M metric = removed ? make.apply(fullName) : store.hold(registry, fullName, make);
            if (metric != registry.refused()) {
                mine.put(name, metric);
            }
            return metric;
        }
    }
}
