package dev.starling.xds.relay;

import dev.starling.config.XxHash64;
import dev.starling.xds.resource.Held;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Collections;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * All there is of one type at one moment.
 *
 * @param known whether it is known what there is; otherwise nobody is answered yet
 * @param version of all together
 * @param changes what led here
 */
record ServedType(boolean known, String version, SortedMap<String, ServedResource> byName, ServedChanges changes) {

    static final ServedType UNKNOWN = new ServedType(false, "", Collections.emptySortedMap(), ServedChanges.NONE);

    ServedType {
        byName = Collections.unmodifiableSortedMap(byName);
    }

    /** What there is now, after this. */
    ServedType next(Collection<Held<?>> held) {
        SortedMap<String, ServedResource> next = new TreeMap<>();
        held.forEach(each -> next.put(each.name(), ServedResource.of(each)));
        return known(next, changes.and(byName, next));
    }

    /** What of it has a name like this. Its changes are those of all, also of what it has not. */
    ServedType only(Predicate<String> names) {
        SortedMap<String, ServedResource> some = new TreeMap<>(byName);
        some.keySet().removeIf(names.negate());
        return known(some, changes);
    }

    private static ServedType known(SortedMap<String, ServedResource> byName, ServedChanges changes) {
        StringBuilder all = new StringBuilder();
        byName.forEach((name, resource) ->
                all.append(name).append('\0').append(resource.version()).append('\n'));
        long hash = XxHash64.hash(all.toString().getBytes(StandardCharsets.UTF_8), 0);
        return new ServedType(true, Long.toHexString(hash), byName, changes);
    }

    /** A number for this moment, higher than of those before. */
    long moment() {
        return changes.moment();
    }

    /** The names of what came, went or changed after that moment; empty if that is not known any more. */
    Optional<Set<String>> changedSince(long moment) {
        return changes.since(moment);
    }
}
