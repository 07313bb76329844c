package dev.starling.xds.protocol;

import dev.starling.xds.resource.Held;
import java.util.List;

/**
 * What a response has changed.
 *
 * @param version for display: of the response
 * @param updated accepted, and not what was held before
 * @param removed names that are no more, or never were and were asked for
 * @param refused what was held of them stays
 */
public record Change<R>(String version, List<Held<R>> updated, List<String> removed, List<Refusal> refused) {

    public Change {
        updated = List.copyOf(updated);
        removed = List.copyOf(removed);
        refused = List.copyOf(refused);
    }

    public boolean isEmpty() {
        return updated.isEmpty() && removed.isEmpty() && refused.isEmpty();
    }
}
