package dev.starling.runtime.control.cluster;

import dev.starling.lb.EndpointReconciler;
import dev.starling.lb.EndpointSet;
import dev.starling.lb.Reconciliation;
import dev.starling.runtime.cluster.ClusterStats;
import dev.starling.runtime.control.cluster.EndpointsActor.Discovered;

/** The endpoints of one version of a cluster, by what discovery has found so far, and the {@code membership_*} statistics. */
final class EndpointMembership {

    private final EndpointReconciler reconciler;
    private final ClusterStats stats;
    private EndpointSet endpoints = EndpointSet.EMPTY;

    EndpointMembership(EndpointReconciler.Settings settings, ClusterStats stats) {
        this.reconciler = new EndpointReconciler(settings);
        this.stats = stats;
    }

    EndpointSet endpoints() {
        return endpoints;
    }

    /** Joins what was found to what is there. */
    Reconciliation join(Discovered found) {
        return take(
                found.logical() && found.endpoints().size() == 1
                        ? reconciler.relocate(
                                endpoints, found.assignment(), found.endpoints().get(0))
                        : reconciler.reconcile(endpoints, found.assignment(), found.endpoints()));
    }

    /** Endpoints that discovery had dropped and that fail their checks now go. */
    Reconciliation dropFailed() {
        Reconciliation result = reconciler.dropFailed(endpoints);
        return result.membershipChanged() ? take(result) : result;
    }

    private Reconciliation take(Reconciliation result) {
        endpoints = result.endpoints();
        if (!result.added().isEmpty() || !result.removed().isEmpty()) {
            stats.membershipChange.inc();
        }
        return result;
    }

    /** Their health as of now. Not for each change, only to publish: in a large cluster it costs milliseconds. */
    EndpointSet refreshed() {
        endpoints = endpoints.withHealthRefreshed();
        stats.membershipTotal.set(endpoints.endpoints().size());
        stats.membershipHealthy.set(endpoints.healthyCount());
        stats.membershipDegraded.set(endpoints.degradedCount());
        stats.membershipExcluded.set(endpoints.excludedCount());
        return endpoints;
    }
}
