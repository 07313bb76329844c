package dev.starling.xds.stream;

import dev.starling.xds.protocol.Interest;
import dev.starling.xds.resource.Reference;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;

/** Why each resource of a stream is wanted: by whom it is watched, and what refers to it. */
final class Wants {

    private final Map<String, OfType> types = new HashMap<>();
    private final Map<Reference, List<Reference>> references = new HashMap<>();
    private final Set<String> changed = new LinkedHashSet<>();

    private static final class OfType {

        private int all;
        private final SequencedMap<String, Integer> names = new LinkedHashMap<>();
    }

    /** @param name absent: all of them */
    void watch(String typeUrl, Optional<String> name) {
        count(typeUrl, name, 1);
    }

    void unwatch(String typeUrl, Optional<String> name) {
        count(typeUrl, name, -1);
    }

    /** What a resource refers to from now on; nothing if it is no more. */
    void refers(Reference holder, List<Reference> to) {
        to.forEach(reference -> count(reference.typeUrl(), Optional.of(reference.name()), 1));
        List<Reference> before = to.isEmpty() ? references.remove(holder) : references.put(holder, to);
        if (before != null) {
            before.forEach(reference -> count(reference.typeUrl(), Optional.of(reference.name()), -1));
        }
    }

    private void count(String typeUrl, Optional<String> name, int change) {
        OfType type = types.computeIfAbsent(typeUrl, _ -> new OfType());
        int before;
        int after;
        if (name.isEmpty()) {
            before = type.all;
            after = before + change;
            type.all = after;
        } else {
            before = type.names.getOrDefault(name.get(), 0);
            after = before + change;
            if (after > 0) {
                type.names.put(name.get(), after);
            } else {
                type.names.remove(name.get());
            }
        }
        if (before == 0 || after == 0) {
            changed.add(typeUrl);
        }
    }

    /** The types of which another interest is to be said since this was last asked. */
    List<String> takeChanged() {
        List<String> taken = List.copyOf(changed);
        changed.clear();
        return taken;
    }

    boolean any() {
        for (OfType type : types.values()) {
            if (type.all > 0 || !type.names.isEmpty()) {
                return true;
            }
        }
        return false;
    }

    Interest interest(String typeUrl) {
        OfType type = types.get(typeUrl);
        return type == null ? Interest.NONE : new Interest(type.all > 0, new LinkedHashSet<>(type.names.keySet()));
    }
}
