package dev.starling.lb;

import dev.starling.config.endpoint.LoadAssignment;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.ToIntFunction;

/**
 * All endpoints of a cluster, sorted by priority, locality and health as they were when the set was built. Immutable:
 * a change of health shows only in the next set, while {@link Endpoint#state} shows it at once.
 */
public final class EndpointSet {

    private static final int OVERPROVISIONING_FACTOR = 140;

    public static final EndpointSet EMPTY = of(List.of());

    private final EndpointList endpoints;
    private final AddressIndex byAddress;
    private final List<PriorityEndpoints> priorities;
    private final LocalityWeights localityWeights;
    private final int overprovisioningFactor;
    private final boolean weightedPriorityHealth;

    private EndpointSet(
            EndpointList endpoints,
            AddressIndex byAddress,
            List<PriorityEndpoints> priorities,
            LocalityWeights localityWeights,
            int overprovisioningFactor,
            boolean weightedPriorityHealth) {
        this.endpoints = endpoints;
        this.byAddress = byAddress;
        this.priorities = List.copyOf(priorities);
        this.localityWeights = localityWeights;
        this.overprovisioningFactor = overprovisioningFactor;
        this.weightedPriorityHealth = weightedPriorityHealth;
    }

    /** Without locality weights, and with Envoy's default overprovisioning factor. */
    public static EndpointSet of(List<Endpoint> endpoints) {
        return of(endpoints, LocalityWeights.NONE, OVERPROVISIONING_FACTOR, false);
    }

    /** The endpoints, with everything else as the assignment says. */
    public static EndpointSet of(List<Endpoint> endpoints, LoadAssignment assignment) {
        return of(
                endpoints,
                LocalityWeights.of(assignment),
                assignment.overprovisioningFactor(),
                assignment.weightedPriorityHealth());
    }

    /**
     * The same, made from the set before.
     *
     * @param removed in the set before
     * @param put in this set and not in the one before, or not so
     */
    static EndpointSet of(
            List<Endpoint> endpoints,
            LoadAssignment assignment,
            EndpointSet before,
            List<Endpoint> removed,
            List<Endpoint> put) {
        return of(
                endpoints,
                before.byAddress.with(removed, put, endpoints),
                LocalityWeights.of(assignment),
                assignment.overprovisioningFactor(),
                assignment.weightedPriorityHealth());
    }

    /**
     * With everything given one by one.
     *
     * @param overprovisioningFactor percent
     * @param weightedPriorityHealth priorities are judged by weights rather than counts
     */
    public static EndpointSet of(
            List<Endpoint> endpoints,
            LocalityWeights localityWeights,
            int overprovisioningFactor,
            boolean weightedPriorityHealth) {
        return of(
                endpoints, AddressIndex.of(endpoints), localityWeights, overprovisioningFactor, weightedPriorityHealth);
    }

    private static EndpointSet of(
            List<Endpoint> endpoints,
            AddressIndex byAddress,
            LocalityWeights localityWeights,
            int overprovisioningFactor,
            boolean weightedPriorityHealth) {
        EndpointList all = EndpointList.of(endpoints);
        List<List<Endpoint>> members = new ArrayList<>(List.of(new ArrayList<>()));
        for (Endpoint endpoint : endpoints) {
            while (members.size() <= endpoint.priority()) {
                members.add(new ArrayList<>());
            }
            members.get(endpoint.priority()).add(endpoint);
        }
        List<PriorityEndpoints> priorities = new ArrayList<>(members.size());
        for (List<Endpoint> ofPriority : members) {
            priorities.add(PriorityEndpoints.of(
                    priorities.size(),
                    ofPriority.size() == all.size() ? all : EndpointList.of(ofPriority),
                    localityWeights));
        }
        return new EndpointSet(
                all, byAddress, priorities, localityWeights, overprovisioningFactor, weightedPriorityHealth);
    }

    /** The same members, sorted by the health they have now. */
    public EndpointSet withHealthRefreshed() {
        return new EndpointSet(
                endpoints,
                byAddress,
                priorities.stream().map(PriorityEndpoints::withHealthRefreshed).toList(),
                localityWeights,
                overprovisioningFactor,
                weightedPriorityHealth);
    }

    /** The same set without some of its members. */
    EndpointSet without(Collection<Endpoint> gone) {
        if (gone.isEmpty()) {
            return this;
        }
        Set<Endpoint> removed = new HashSet<>(gone);
        List<Endpoint> remaining = new ArrayList<>(endpoints.size());
        for (Endpoint endpoint : endpoints) {
            if (!removed.contains(endpoint)) {
                remaining.add(endpoint);
            }
        }
        return of(remaining, localityWeights, overprovisioningFactor, weightedPriorityHealth);
    }

    /** Whether everything beside the members is as the assignment says. */
    boolean settledBy(LoadAssignment assignment) {
        return overprovisioningFactor == assignment.overprovisioningFactor()
                && weightedPriorityHealth == assignment.weightedPriorityHealth()
                && localityWeights.equals(LocalityWeights.of(assignment));
    }

    public EndpointList endpoints() {
        return endpoints;
    }

    /** By {@link Endpoint#addressText}, over all priorities. */
    public Optional<Endpoint> byAddress(String addressText) {
        return Optional.ofNullable(byAddress.find(addressText));
    }

    public boolean isEmpty() {
        return endpoints.isEmpty();
    }

    /** One for each priority from 0 to the last that has endpoints; never none. */
    public List<PriorityEndpoints> priorities() {
        return priorities;
    }

    public LocalityWeights localityWeights() {
        return localityWeights;
    }

    public int overprovisioningFactor() {
        return overprovisioningFactor;
    }

    public boolean weightedPriorityHealth() {
        return weightedPriorityHealth;
    }

    /** As the gauge {@code membership_healthy} says. */
    public int healthyCount() {
        return sum(lists -> lists.healthy().size());
    }

    /** As the gauge {@code membership_degraded} says. */
    public int degradedCount() {
        return sum(lists -> lists.degraded().size());
    }

    /** As the gauge {@code membership_excluded} says. */
    public int excludedCount() {
        return sum(lists -> lists.excluded().size());
    }

    private int sum(ToIntFunction<HealthLists> count) {
        int sum = 0;
        for (PriorityEndpoints priority : priorities) {
            sum += count.applyAsInt(priority.lists());
        }
        return sum;
    }
}
