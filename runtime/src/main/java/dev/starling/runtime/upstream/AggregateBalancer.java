package dev.starling.runtime.upstream;

import dev.starling.config.cluster.Cluster;
import dev.starling.lb.EndpointSet;
import dev.starling.lb.picker.PriorityLoad;
import dev.starling.runtime.cluster.ClusterSlot;
import dev.starling.runtime.cluster.ClusterSnapshot;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Chooses among the clusters that an aggregate names, as one loop sees them: their priorities are put in one row, those that have
 * no endpoint left out, and share the requests as those of one cluster do (Envoy's {@code AggregateClusterLoadBalancer}). What
 * the shares are is decided when one of the clusters has changed. An aggregate inside of an aggregate stands for what it names,
 * where it is first named: so a cycle, which is refused before it comes here, would end too. Confined to the loop.
 */
@SuppressWarnings("ReferenceEquality") // what was published is current by identity
final class AggregateBalancer {

    private final Cluster settings;
    private final LoopClusters clusters;
    private final RandomGenerator random;

    private final List<Seen> seen = new ArrayList<>();

    /** For the healthy endpoints of each priority, and then for the degraded ones. */
    private final List<Level> levels = new ArrayList<>();

    private PriorityLoad load = PriorityLoad.of(EndpointSet.EMPTY, 0);

    /** Nothing has been put in a row, or what was is not so any more. */
    private boolean outdated = true;

    /** What a share was decided by; null: there was no such cluster. */
    private record Seen(ClusterSlot slot, @Nullable ClusterSnapshot snapshot) {}

    /**
     * Where a request may go.
     *
     * @param priority of the cluster
     */
    record Level(LoopCluster cluster, int priority, boolean degraded) {}

    AggregateBalancer(Cluster settings, LoopClusters clusters, RandomGenerator random) {
        this.settings = settings;
        this.clusters = clusters;
        this.random = random;
    }

    /** Null: no cluster has endpoints. */
    @Nullable
    Level choose() {
        if (changed()) {
            update();
        }
        return levels.isEmpty() ? null : levels.get(load.choose(random.nextInt(100)));
    }

    /** Keeps nothing of clusters as they were; whether it did. */
    boolean letGo() {
        boolean changed = changed();
        if (changed) {
            outdated = true;
            seen.clear();
            levels.clear();
        }
        return changed;
    }

    private boolean changed() {
        boolean changed = outdated;
        for (int i = 0; i < seen.size() && !changed; i++) {
            changed = seen.get(i).slot().current() != seen.get(i).snapshot();
        }
        return changed;
    }

    private void update() {
        outdated = false;
        seen.clear();
        levels.clear();
        List<PriorityLoad.Level> row = new ArrayList<>();
        add(settings, row, new HashSet<>(Set.of(settings.name())));
        for (int i = 0; i < row.size(); i++) {
            levels.add(new Level(levels.get(i).cluster(), levels.get(i).priority(), true));
        }
        if (!row.isEmpty()) {
            load = PriorityLoad.of(
                    row, (int) settings.commonLb().panicThreshold().value());
        }
    }

    private void add(Cluster aggregate, List<PriorityLoad.Level> row, Set<String> entered) {
        for (String name : aggregate.members()) {
            ClusterSlot slot = clusters.slot(name);
            ClusterSnapshot snapshot = slot.current();
            if (snapshot == null || !snapshot.settings().members().isEmpty()) {
                seen.add(new Seen(slot, snapshot));
                if (snapshot != null && entered.add(name)) {
                    add(snapshot.settings(), row, entered);
                }
            } else {
                add(slot, row);
            }
        }
    }

    private void add(ClusterSlot slot, List<PriorityLoad.Level> row) {
        LoopCluster cluster = clusters.cluster(slot);
        if (cluster == null || !cluster.settings().members().isEmpty()) {
            outdated = true; // it has gone, or become an aggregate, since it was looked at
            return;
        }
        ClusterSnapshot snapshot = cluster.snapshot();
        seen.add(new Seen(slot, snapshot));
        List<PriorityLoad.Level> priorities = PriorityLoad.levels(snapshot.endpoints());
        for (int p = 0; p < priorities.size(); p++) {
            if (!priorities.get(p).lists().all().isEmpty()) {
                row.add(priorities.get(p));
                levels.add(new Level(cluster, p, false));
            }
        }
    }
}
