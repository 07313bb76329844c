package dev.starling.tests.envoy;

import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;

/** By how much statistics have changed. */
final class StatChanges {

    private StatChanges() {}

    /** @param compares which statistics are looked at, by name */
    static Map<String, Long> between(Map<String, Long> before, Map<String, Long> after, Predicate<String> compares) {
        Map<String, Long> changed = new TreeMap<>();
        TreeSet<String> names = new TreeSet<>(before.keySet());
        names.addAll(after.keySet());
        for (String name : names) {
            long by = after.getOrDefault(name, 0L) - before.getOrDefault(name, 0L);
            if (by != 0 && compares.test(name)) {
                changed.put(name, by);
            }
        }
        return changed;
    }
}
