package dev.starling.config.endpoint;

import dev.starling.config.Percent;
import java.util.ArrayList;
import java.util.List;

/**
 * {@code envoy.config.endpoint.v3.ClusterLoadAssignment}: the endpoints of a cluster by locality.
 *
 * @param clusterName the EDS resource name
 * @param overprovisioningFactor percent, default 140
 * @param weightedPriorityHealth priorities are judged by weights rather than counts
 */
public record LoadAssignment(
        String clusterName,
        List<LocalityEndpoints> localities,
        int overprovisioningFactor,
        boolean weightedPriorityHealth,
        List<DropOverload> dropOverloads) {

    public LoadAssignment {
        localities = List.copyOf(localities);
        dropOverloads = List.copyOf(dropOverloads);
    }

    public static LoadAssignment of(String clusterName, List<LocalityEndpoints> localities) {
        return new LoadAssignment(clusterName, localities, 140, false, List.of());
    }

    /** The same policies for these localities. */
    public LoadAssignment with(List<LocalityEndpoints> others) {
        return new LoadAssignment(clusterName, others, overprovisioningFactor, weightedPriorityHealth, dropOverloads);
    }

    /** Where endpoints are that it does not have itself. */
    public List<EndpointCollection> collections() {
        List<EndpointCollection> collections = new ArrayList<>();
        for (LocalityEndpoints locality : localities) {
            locality.collection().ifPresent(collections::add);
        }
        return collections;
    }

    /** A share of requests that is refused before balancing. */
    public record DropOverload(String category, Percent share) {}
}
