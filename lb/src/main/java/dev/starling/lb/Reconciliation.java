package dev.starling.lb;

import java.util.List;

/**
 * What became of an endpoint set. An endpoint that was replaced under the same address, because what identifies it
 * changed, is in both {@code added} and {@code removed}: the two have different {@link Endpoint#state states}.
 *
 * @param endpoints the previous set itself if nothing changed that balancing can see
 * @param changed kept with their state, but with another weight, health status, metadata or priority
 * @param moved some endpoint changed its priority, or a logical one its address
 */
public record Reconciliation(
        EndpointSet endpoints, List<Endpoint> added, List<Endpoint> removed, List<Endpoint> changed, boolean moved) {

    public Reconciliation {
        added = List.copyOf(added);
        removed = List.copyOf(removed);
        changed = List.copyOf(changed);
    }

    /** Published at once; any other change may wait for the merge window. */
    public boolean membershipChanged() {
        return moved || !added.isEmpty() || !removed.isEmpty();
    }
}
