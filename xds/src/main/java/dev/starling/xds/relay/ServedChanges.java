package dev.starling.xds.relay;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The names that the last changes of a type were about, so that not each client has to look at all resources after each.
 *
 * @param moment counts the changes
 * @param last the change that led to this moment last; older ones are forgotten
 */
record ServedChanges(long moment, List<Set<String>> last) {

    private static final int MAX_CHANGES = 64;

    /** Names in all of them together; with more than this and than there are, who lags behind looks at everything. */
    private static final int MAX_NAMES = 1_000;

    static final ServedChanges NONE = new ServedChanges(0, List.of());

    ServedChanges {
        last = List.copyOf(last);
    }

    ServedChanges and(Map<String, ServedResource> before, Map<String, ServedResource> after) {
        Set<String> names = new HashSet<>();
        after.forEach((name, resource) -> {
            ServedResource old = before.get(name);
            if (old == null || !old.version().equals(resource.version())) {
                names.add(name);
            }
        });
        before.keySet().stream().filter(name -> !after.containsKey(name)).forEach(names::add);
        List<Set<String>> changes = new ArrayList<>(last);
        changes.add(names);
        int count = changes.stream().mapToInt(Set::size).sum();
        while (changes.size() > MAX_CHANGES || count > Math.max(MAX_NAMES, after.size())) {
            count -= changes.removeFirst().size();
        }
        return new ServedChanges(moment + 1, changes);
    }

    /** In order; empty if not known. */
    Optional<Set<String>> since(long earlier) {
        long missed = moment - earlier;
        if (missed < 0 || missed > last.size()) {
            return Optional.empty();
        }
        Set<String> names = new TreeSet<>();
        last.subList(last.size() - (int) missed, last.size()).forEach(names::addAll);
        return Optional.of(names);
    }
}
