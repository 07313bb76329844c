package dev.starling.xds.resource;

import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Judges resources of a type by what they are to one another, each of which is valid by itself.
 *
 * @param <R> the resource
 */
public interface Coherence<R> {

    /** Whether one says anything of others: if none that has come does, nothing is judged. */
    boolean concerns(R resource);

    /**
     * Which of those that have come cannot stay, with the reason; so few that what is left is coherent.
     *
     * @param all that would be held
     * @param updated names of those of them that have come, in their order
     * @param before what is held in the place of one that cannot stay
     */
    Map<String, String> refused(Collection<R> all, Collection<String> updated, Function<String, Optional<R>> before);
}
