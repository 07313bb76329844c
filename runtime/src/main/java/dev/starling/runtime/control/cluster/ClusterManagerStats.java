package dev.starling.runtime.control.cluster;

import dev.starling.runtime.stats.Counter;
import dev.starling.runtime.stats.Gauge;
import dev.starling.runtime.stats.StatsScope;

/** {@code cluster_manager.*}, under Envoy's names. */
record ClusterManagerStats(
        Counter added,
        Counter modified,
        Counter removed,
        Counter updated,
        Counter updatedViaMerge,
        Counter mergeCancelled,
        Counter outOfMergeWindow,
        Gauge active,
        Gauge warming) {

    /** @param scope {@code cluster_manager.} */
    static ClusterManagerStats in(StatsScope scope) {
        return new ClusterManagerStats(
                scope.counter("cluster_added"),
                scope.counter("cluster_modified"),
                scope.counter("cluster_removed"),
                scope.counter("cluster_updated"),
                scope.counter("cluster_updated_via_merge"),
                scope.counter("update_merge_cancelled"),
                scope.counter("update_out_of_merge_window"),
                scope.gauge("active_clusters"),
                scope.gauge("warming_clusters"));
    }
}
