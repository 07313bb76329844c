package dev.starling.xds.protocol;

import dev.starling.xds.resource.Held;
import dev.starling.xds.resource.HeldResources.RefusedResource;
import dev.starling.xds.resource.HeldResources.Section;
import dev.starling.xds.resource.ResourceName;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;

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

    /**
     * Has the section hold what was updated, forget what was removed and note what was refused.
     *
     * @param now when it came
     */
    public void applyTo(Section section, String typeUrl, Instant now) {
        updated.forEach(resource -> section.put(typeUrl, resource));
        removed.forEach(name -> section.remove(typeUrl, name));
        refused.forEach(refusal ->
                section.refuse(typeUrl, new RefusedResource(refusal.name(), version, refusal.reason(), now)));
    }

    public boolean isEmpty() {
        return updated.isEmpty() && removed.isEmpty() && refused.isEmpty();
    }

    /** Of all it is about. */
    public Stream<String> names() {
        return Stream.of(
                        updated.stream().map(Held::name),
                        removed.stream(),
                        refused.stream().map(Refusal::name))
                .flatMap(Function.identity());
    }

    /** This and what has changed after it as one: of each name, or alias, the last word. A refusal takes nothing back. */
    public Change<R> then(Change<R> later) {
        Set<String> changed = new HashSet<>(later.removed);
        later.updated.forEach(held -> names(held).forEach(changed::add));
        Set<String> named = new HashSet<>(changed);
        later.refused.forEach(refusal -> named.add(refusal.name()));
        return new Change<>(
                later.version,
                Stream.concat(
                                updated.stream().filter(held -> names(held).noneMatch(changed::contains)),
                                later.updated.stream())
                        .toList(),
                Stream.concat(removed.stream().filter(name -> !changed.contains(name)), later.removed.stream())
                        .toList(),
                Stream.concat(
                                refused.stream().filter(refusal -> !named.contains(refusal.name())),
                                later.refused.stream())
                        .toList());
    }

    private static Stream<String> names(Held<?> held) {
        return Stream.concat(Stream.of(held.name()), held.aliases().stream());
    }

    /** What of it is about members of a collection. */
    public Change<R> within(String collection) {
        Predicate<String> member = name -> ResourceName.collectionOf(name).equals(collection);
        return new Change<>(
                version,
                updated.stream().filter(held -> member.test(held.name())).toList(),
                removed.stream().filter(member).toList(),
                refused.stream().filter(refusal -> member.test(refusal.name())).toList());
    }
}
