package dev.starling.xds.stream;

import dev.starling.xds.subscription.Watch;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Who has been told something and has not seen to it yet, and since when. Used by one thread. */
final class Takers {

    private final Map<Watch<?>, ArrayDeque<Instant>> waiting = new HashMap<>();

    void told(Watch<?> watch, Instant now) {
        waiting.computeIfAbsent(watch, _ -> new ArrayDeque<>(1)).add(now);
    }

    /** How long it took; absent if it is not waited for any more. */
    Optional<Duration> taken(Watch<?> watch, Instant now) {
        ArrayDeque<Instant> since = waiting.get(watch);
        if (since == null) {
            return Optional.empty();
        }
        Instant told = since.remove();
        if (since.isEmpty()) {
            waiting.remove(watch);
        }
        return Optional.of(Duration.between(told, now));
    }

    /** The watch has ended: whatever it was told may never be seen to. */
    void gone(Watch<?> watch) {
        waiting.remove(watch);
    }

    /** Those who take too long are not waited for any longer. */
    void forget() {
        waiting.clear();
    }

    /** Since when the one has waited who has waited longest. */
    Optional<Instant> longest() {
        return waiting.values().stream().map(ArrayDeque::element).min(Instant::compareTo);
    }

    int count() {
        return waiting.size();
    }
}
