package dev.starling.xds.relay;

import dev.starling.config.XxHash64;
import dev.starling.xds.resource.Held;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * All there is of one type at one moment.
 *
 * @param known whether it is known what there is; otherwise nobody is answered yet
 * @param version of all together
 */
record ServedType(boolean known, String version, SortedMap<String, ServedResource> byName) {

    static final ServedType UNKNOWN = new ServedType(false, "", Collections.emptySortedMap());

    ServedType {
        byName = Collections.unmodifiableSortedMap(byName);
    }

    static ServedType of(Collection<Held<?>> held) {
        SortedMap<String, ServedResource> byName = new TreeMap<>();
        held.forEach(each -> byName.put(each.name(), ServedResource.of(each)));
        return known(byName);
    }

    /** What of it has a name like this. */
    ServedType only(Predicate<String> names) {
        SortedMap<String, ServedResource> some = new TreeMap<>(byName);
        some.keySet().removeIf(names.negate());
        return known(some);
    }

    private static ServedType known(SortedMap<String, ServedResource> byName) {
        StringBuilder all = new StringBuilder();
        byName.forEach((name, resource) ->
                all.append(name).append('\0').append(resource.version()).append('\n'));
        long hash = XxHash64.hash(all.toString().getBytes(StandardCharsets.UTF_8), 0);
        return new ServedType(true, Long.toHexString(hash), byName);
    }
}
