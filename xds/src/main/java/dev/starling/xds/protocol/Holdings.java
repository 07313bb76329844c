package dev.starling.xds.protocol;

import dev.starling.xds.resource.Held;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/** The accepted resources of one type, in the order they came, and until when those are lent that have a time to live. */
final class Holdings<R> {

    private final Map<String, Held<R>> held = new LinkedHashMap<>();
    private final Map<String, Instant> expiries = new HashMap<>();

    Optional<Held<R>> find(String name) {
        return Optional.ofNullable(held.get(name));
    }

    Collection<Held<R>> all() {
        return Collections.unmodifiableCollection(held.values());
    }

    void put(Held<R> resource) {
        held.put(resource.name(), resource);
    }

    /** Without a time to live it stays until it is removed. */
    void lend(String name, Optional<Duration> timeToLive, Instant now) {
        lendUntil(name, timeToLive.map(now::plus));
    }

    void lendUntil(String name, Optional<Instant> expiry) {
        expiry.ifPresentOrElse(until -> expiries.put(name, until), () -> expiries.remove(name));
    }

    Optional<Instant> expiry(String name) {
        return Optional.ofNullable(expiries.get(name));
    }

    /** Whether it was there. */
    boolean remove(String name) {
        expiries.remove(name);
        return held.remove(name) != null;
    }

    /** Tells the names. */
    List<String> removeIf(Predicate<String> unwanted) {
        List<String> removed = held.keySet().stream().filter(unwanted).toList();
        removed.forEach(this::remove);
        return removed;
    }

    List<String> retain(Set<String> names) {
        return removeIf(name -> !names.contains(name));
    }

    Optional<Instant> firstExpiry() {
        return expiries.isEmpty() ? Optional.empty() : Optional.of(Collections.min(expiries.values()));
    }

    Change<R> expire(Instant now) {
        List<String> expired = new ArrayList<>();
        expiries.forEach((name, until) -> {
            if (!until.isAfter(now)) {
                expired.add(name);
            }
        });
        Collections.sort(expired);
        expired.forEach(this::remove);
        return new Change<>("", List.of(), expired, List.of());
    }
}
