package dev.starling.runtime.http.filter.router;

import dev.starling.runtime.stats.Counter;
import dev.starling.runtime.stats.StatsScope;

/** The router's statistics, {@code http.<stat_prefix>.}. */
record RouterStats(
        Counter total,
        Counter noRoute,
        Counter noCluster,
        Counter directResponse,
        Counter redirect,
        Counter resetAfterResponseStarted) {

    static RouterStats in(StatsScope scope) {
        return new RouterStats(
                scope.counter("rq_total"),
                scope.counter("no_route"),
                scope.counter("no_cluster"),
                scope.counter("rq_direct_response"),
                scope.counter("rq_redirect"),
                scope.counter("rq_reset_after_downstream_response_started"));
    }
}
