package dev.starling.lb;

import dev.starling.config.cluster.Cluster;
import dev.starling.config.endpoint.EndpointConfig.HealthCheckOverride;
import dev.starling.config.endpoint.EndpointConfig.HealthStatus;
import dev.starling.config.endpoint.LoadAssignment;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Joins a new load assignment to the endpoints in service, so that an endpoint which stays keeps its state. The rules
 * are those of Envoy's {@code BaseDynamicClusterImpl::updateDynamicHostList}, but for one: where Envoy, under active
 * health checks, keeps an endpoint beside the one that replaces it under the same address, here it goes at once. Health
 * flags that discovery owns are written to the shared state on the way; call it from the owner of the endpoints only.
 */
public final class EndpointReconciler {

    private static final List<HealthFlag> ACTIVE_FLAGS = List.of(
            HealthFlag.FAILED_ACTIVE_HC,
            HealthFlag.DEGRADED_ACTIVE_HC,
            HealthFlag.PENDING_ACTIVE_HC,
            HealthFlag.ACTIVE_HC_TIMEOUT);

    private final Settings settings;

    public EndpointReconciler(Settings settings) {
        this.settings = settings;
    }

    /**
     * What the cluster says of coming and going.
     *
     * @param activeHealthChecks the cluster has a health checker
     * @param ignoreNewHostsUntilFirstHealthCheck a new endpoint is left out of the denominators until then
     * @param ignoreHealthOnHostRemoval what discovery drops goes at once, healthy or not
     */
    public record Settings(
            boolean activeHealthChecks,
            boolean ignoreNewHostsUntilFirstHealthCheck,
            boolean ignoreHealthOnHostRemoval) {

        public static Settings of(Cluster cluster) {
            return new Settings(
                    !cluster.healthChecks().isEmpty(),
                    cluster.commonLb().ignoreNewHostsUntilFirstHealthCheck(),
                    cluster.ignoreHealthOnHostRemoval());
        }
    }

    /**
     * Joins the assignment to the previous set, most of whose endpoints it may have, in their order.
     *
     * @param found the assignment's endpoints with their addresses; of several with one address the first counts
     */
    public Reconciliation reconcile(EndpointSet previous, LoadAssignment assignment, FoundEndpoints found) {
        Listing listing = new Listing(previous.endpoints());
        List<Endpoint> members = new ArrayList<>(found.size());
        List<Endpoint> added = new ArrayList<>();
        List<Endpoint> removed = new ArrayList<>();
        List<Endpoint> changed = new ArrayList<>();
        boolean moved = false;
        for (int i = 0; i < found.size(); i++) {
            Endpoint same = listing.next();
            if (same != null && found.isSame(i, same)) {
                if (listing.list(same)) {
                    stays(same);
                    members.add(same);
                }
                continue;
            }
            ResolvedEndpoint next = found.get(i);
            Endpoint existing = previous.byAddress(next.addressText()).orElse(null);
            if (existing == null ? !listing.listNew(next.addressText()) : !listing.list(existing)) {
                continue;
            }
            if (existing == null || !sameIdentity(existing, next)) {
                Endpoint fresh = inService(next, newState(next, existing));
                members.add(fresh);
                added.add(fresh);
                if (existing != null) {
                    removed.add(existing);
                }
                continue;
            }
            stays(existing);
            moved |= existing.priority() != next.priority();
            if (existing.priority() == next.priority() && existing.config().equals(next.config())) {
                members.add(existing);
            } else {
                Endpoint updated = inService(next, existing.state());
                members.add(updated);
                changed.add(updated);
            }
        }
        for (Endpoint endpoint : listing.missing()) {
            if (outlivesDiscovery(endpoint)) {
                endpoint.state().set(HealthFlag.PENDING_DYNAMIC_REMOVAL);
                members.add(endpoint);
            } else {
                removed.add(endpoint);
            }
        }
        boolean unchanged = added.isEmpty() && removed.isEmpty() && changed.isEmpty() && previous.settledBy(assignment);
        EndpointSet next =
                unchanged ? previous : EndpointSet.of(members, assignment, previous, removed, joined(added, changed));
        return new Reconciliation(next, added, removed, changed, moved);
    }

    private static void stays(Endpoint endpoint) {
        if (endpoint.state().has(HealthFlag.PENDING_DYNAMIC_REMOVAL)) {
            endpoint.state().clear(HealthFlag.PENDING_DYNAMIC_REMOVAL);
        }
    }

    private static List<Endpoint> joined(List<Endpoint> some, List<Endpoint> others) {
        List<Endpoint> all = new ArrayList<>(some);
        all.addAll(others);
        return all;
    }

    /**
     * Joins the one endpoint of a logical cluster, which is the same whatever its address: it keeps its state. Published at
     * once, since the old address may be gone.
     */
    public Reconciliation relocate(EndpointSet previous, LoadAssignment assignment, ResolvedEndpoint next) {
        if (previous.endpoints().size() != 1) {
            return reconcile(previous, assignment, FoundEndpoints.of(List.of(next)));
        }
        Endpoint existing = previous.endpoints().getFirst();
        if (existing.addressText().equals(next.addressText()) || !sameIdentity(existing, next)) {
            return reconcile(previous, assignment, FoundEndpoints.of(List.of(next)));
        }
        Endpoint moved = inService(next, existing.state());
        return new Reconciliation(
                EndpointSet.of(List.of(moved), assignment), List.of(), List.of(), List.of(moved), true);
    }

    /** Lets go of what discovery had dropped and the health check has failed since. */
    public Reconciliation dropFailed(EndpointSet previous) {
        List<Endpoint> removed = new ArrayList<>();
        for (Endpoint endpoint : previous.endpoints()) {
            EndpointState state = endpoint.state();
            if (state.has(HealthFlag.PENDING_DYNAMIC_REMOVAL) && state.has(HealthFlag.FAILED_ACTIVE_HC)) {
                removed.add(endpoint);
            }
        }
        return new Reconciliation(previous.without(removed), List.of(), removed, List.of(), false);
    }

    private boolean sameIdentity(Endpoint existing, ResolvedEndpoint next) {
        return existing.locality().equals(next.locality())
                && existing.hostname().equals(next.hostname())
                && (!settings.activeHealthChecks()
                        || existing.config().healthCheck().equals(next.config().healthCheck()));
    }

    private EndpointState newState(ResolvedEndpoint next, @Nullable Endpoint replaced) {
        if (next.inUse() != null) {
            return next.inUse();
        }
        EndpointState state = new EndpointState();
        HealthCheckOverride healthCheck = next.config().healthCheck();
        if (!settings.activeHealthChecks() || healthCheck.disabled()) {
            return state;
        }
        if (replaced != null && sameTarget(replaced.config().healthCheck(), healthCheck)) {
            for (HealthFlag flag : ACTIVE_FLAGS) {
                if (replaced.state().has(flag)) {
                    state.set(flag);
                }
            }
            return state;
        }
        state.set(HealthFlag.FAILED_ACTIVE_HC);
        if (settings.ignoreNewHostsUntilFirstHealthCheck()) {
            state.set(HealthFlag.PENDING_ACTIVE_HC);
        }
        return state;
    }

    private static boolean sameTarget(HealthCheckOverride before, HealthCheckOverride after) {
        return before.port() == after.port() && before.disabled() == after.disabled();
    }

    private static Endpoint inService(ResolvedEndpoint next, EndpointState state) {
        HealthStatus health = next.config().health();
        write(state, HealthFlag.FAILED_EDS_HEALTH, health == HealthStatus.UNHEALTHY || health == HealthStatus.TIMEOUT);
        write(state, HealthFlag.DEGRADED_EDS_HEALTH, health == HealthStatus.DEGRADED);
        write(state, HealthFlag.EDS_STATUS_DRAINING, health == HealthStatus.DRAINING);
        return new Endpoint(
                next.config(),
                next.address(),
                next.addressText(),
                next.hostname(),
                next.locality(),
                next.priority(),
                state);
    }

    private static void write(EndpointState state, HealthFlag flag, boolean value) {
        if (value) {
            state.set(flag);
        } else {
            state.clear(flag);
        }
    }

    /** An ejection is no reason to go: it is an opinion of traffic, and would be forgotten with the endpoint. */
    private boolean outlivesDiscovery(Endpoint endpoint) {
        return settings.activeHealthChecks()
                && !settings.ignoreHealthOnHostRemoval()
                && !endpoint.config().healthCheck().disabled()
                && !endpoint.state().has(HealthFlag.FAILED_ACTIVE_HC)
                && !endpoint.state().has(HealthFlag.FAILED_EDS_HEALTH);
    }
}
