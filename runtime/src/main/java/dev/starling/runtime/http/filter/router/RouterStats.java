package dev.starling.runtime.http.filter.router;

import dev.starling.runtime.stats.Counter;
import dev.starling.runtime.stats.StatsScope;

/**
 * The router's statistics, {@code http.<stat_prefix>.}. As in Envoy, {@code total} is of all requests that reach the router,
 * and a redirect counts as a direct response.
 */
record RouterStats(Counter total, Counter noRoute, Counter noCluster, Counter directResponse) {

    static RouterStats in(StatsScope scope) {
        return new RouterStats(
                scope.counter("rq_total"),
                scope.counter("no_route"),
                scope.counter("no_cluster"),
                scope.counter("rq_direct_response"));
    }
}
