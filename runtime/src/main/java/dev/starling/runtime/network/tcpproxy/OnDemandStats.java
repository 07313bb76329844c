package dev.starling.runtime.network.tcpproxy;

import dev.starling.runtime.stats.Counter;
import dev.starling.runtime.stats.StatsScope;

/** {@code tcp.<stat_prefix>.on_demand_cluster_*}, under Envoy's names. */
record OnDemandStats(Counter attempt, Counter success, Counter missing, Counter timeout) {

    static OnDemandStats in(StatsScope scope) {
        return new OnDemandStats(
                scope.counter("on_demand_cluster_attempt"),
                scope.counter("on_demand_cluster_success"),
                scope.counter("on_demand_cluster_missing"),
                scope.counter("on_demand_cluster_timeout"));
    }
}
