package dev.starling.runtime.control.listener;

import dev.starling.runtime.stats.Counter;
import dev.starling.runtime.stats.Gauge;
import dev.starling.runtime.stats.StatsScope;

/** {@code listener_manager.*}, under Envoy's names. */
record ListenerManagerStats(
        Counter added,
        Counter modified,
        Counter removed,
        Counter stopped,
        Counter createSuccess,
        Counter createFailure,
        Counter inPlaceUpdated,
        Gauge warming,
        Gauge active,
        Gauge draining,
        Gauge filterChainsDraining,
        Gauge workersStarted) {

    /** @param scope {@code listener_manager.} */
    static ListenerManagerStats in(StatsScope scope) {
        return new ListenerManagerStats(
                scope.counter("listener_added"),
                scope.counter("listener_modified"),
                scope.counter("listener_removed"),
                scope.counter("listener_stopped"),
                scope.counter("listener_create_success"),
                scope.counter("listener_create_failure"),
                scope.counter("listener_in_place_updated"),
                scope.gauge("total_listeners_warming"),
                scope.gauge("total_listeners_active"),
                scope.gauge("total_listeners_draining"),
                scope.gauge("total_filter_chains_draining"),
                scope.gauge("workers_started"));
    }
}
