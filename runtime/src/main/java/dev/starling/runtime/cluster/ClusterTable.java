package dev.starling.runtime.cluster;

import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** All clusters by name, as the data path reads them. Written by the cluster actors, read by any thread. */
public final class ClusterTable {

    private final Map<String, ClusterSlot> slots = new ConcurrentHashMap<>();

    /** The slot for a name that a configuration uses; made if there is none, and then empty. */
    public ClusterSlot slot(String name) {
        return slots.computeIfAbsent(name, ClusterSlot::new);
    }

    /** The slot for a name that comes from traffic: null rather than a new one. */
    public @Nullable ClusterSlot find(String name) {
        return slots.get(name);
    }

    /** Whether requests can go to a cluster of that name. */
    public boolean inService(String name) {
        ClusterSlot slot = find(name);
        return slot != null && slot.current() != null;
    }

    /** The clusters in service, sorted by name. */
    public Collection<ClusterSnapshot> snapshots() {
        Map<String, ClusterSnapshot> sorted = new TreeMap<>();
        for (ClusterSlot slot : slots.values()) {
            ClusterSnapshot snapshot = slot.current();
            if (snapshot != null) {
                sorted.put(slot.name(), snapshot);
            }
        }
        return sorted.values();
    }
}
