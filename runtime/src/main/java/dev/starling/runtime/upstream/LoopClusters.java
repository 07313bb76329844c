package dev.starling.runtime.upstream;

import dev.starling.runtime.cluster.ClusterSlot;
import dev.starling.runtime.cluster.ClusterSnapshot;
import dev.starling.runtime.cluster.ClusterTable;
import dev.starling.runtime.layered.RuntimeSnapshot;
import dev.starling.runtime.loop.Loop;
import dev.starling.runtime.loop.Transport;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The clusters as one loop uses them; each is set up when the loop first sends to it. Confined to the loop. */
@SuppressWarnings("ReferenceEquality") // what was published is current by identity
public final class LoopClusters {

    private final Loop loop;
    private final Transport transport;
    private final Supplier<RuntimeSnapshot> runtime;
    private final ClusterTable table;
    private final Map<ClusterSlot, LoopCluster> clusters = new HashMap<>();

    /** @param table where aggregates find the clusters they name */
    public LoopClusters(Loop loop, Transport transport, Supplier<RuntimeSnapshot> runtime, ClusterTable table) {
        this.loop = loop;
        this.transport = transport;
        this.runtime = runtime;
        this.table = table;
    }

    /** The cluster of the slot, or null if there is none now. */
    public @Nullable LoopCluster cluster(ClusterSlot slot) {
        LoopCluster cluster = clusters.get(slot);
        if (cluster != null) {
            if (slot.current() != cluster.snapshot()) {
                return refresh(slot, cluster);
            }
            return cluster;
        }
        ClusterSnapshot snapshot = slot.current();
        if (snapshot == null) {
            return null;
        }
        LoopCluster made = new LoopCluster(loop, transport, runtime, this, slot, snapshot);
        clusters.put(slot, made);
        return made;
    }

    /** The place of a cluster that a configuration names. */
    ClusterSlot slot(String name) {
        return table.slot(name);
    }

    /** Something was published: lets go of what is no longer there. */
    public void refreshAll() {
        for (Map.Entry<ClusterSlot, LoopCluster> entry : new ArrayList<>(clusters.entrySet())) {
            refresh(entry.getKey(), entry.getValue());
        }
    }

    private @Nullable LoopCluster refresh(ClusterSlot slot, LoopCluster cluster) {
        LoopCluster refreshed = cluster.refreshed();
        if (refreshed == null) {
            clusters.remove(slot);
        }
        return refreshed;
    }
}
