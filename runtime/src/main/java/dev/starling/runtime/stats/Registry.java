package dev.starling.runtime.stats;

import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;

/** All stats of one kind, in the order of their names. Changed under the store's lock, read without it. */
final class Registry<M extends Metric> {

    private final ConcurrentSkipListMap<String, M> byName = new ConcurrentSkipListMap<>();

    /** Holders beyond the first, for the few names that have more than one. */
    private final Map<String, Integer> moreHolders = new HashMap<>();

    /** Written in place of every stat there is no room for, and never shown. */
    private final M refused;

    Registry(M refused) {
        this.refused = refused;
    }

    M refused() {
        return refused;
    }

    /** Another holder of a name that is there already, or null. */
    @Nullable
    M share(String name) {
        M metric = byName.get(name);
        if (metric != null) {
            moreHolders.merge(name, 1, Integer::sum);
        }
        return metric;
    }

    void add(M metric) {
        byName.put(metric.name(), metric);
    }

    /** Whether the name left with its last holder. */
    boolean release(M metric) {
        String name = metric.name();
        if (byName.get(name) != metric) {
            return false;
        }
        if (moreHolders.computeIfPresent(name, (same, more) -> more - 1) == null) {
            byName.remove(name);
            return true;
        }
        moreHolders.remove(name, 0);
        return false;
    }

    /** Sorted, and safe to walk while stats come and go. */
    Collection<M> all() {
        return Collections.unmodifiableCollection(byName.values());
    }
}
