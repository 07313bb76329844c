package dev.starling.xds.stream;

import dev.starling.xds.subscription.Watch;
import dev.starling.xds.subscription.Watch.Update;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Who has been told something and has not seen to it yet, and since when. What comes for him meanwhile waits as one update.
 * Used by one thread.
 */
final class Takers {

    private final Map<Watch<?>, Turn<?>> turns = new HashMap<>();

    /** From the moment when one is told something until he has seen to it. Each is itself only. */
    static final class Turn<R> {

        private final Watch<R> watch;
        private final Instant came;
        private final Instant told;
        private Optional<Waiting<R>> waiting = Optional.empty();

        private Turn(Watch<R> watch, Instant came, Instant told) {
            this.watch = watch;
            this.came = came;
            this.told = told;
        }

        private void add(Update<R> update, Instant now) {
            waiting = Optional.of(
                    waiting.map(before -> new Waiting<>(before.update().then(update), before.came()))
                            .orElseGet(() -> new Waiting<>(update, now)));
        }
    }

    /** @param came when the first of it did */
    private record Waiting<R>(Update<R> update, Instant came) {}

    /** What is to be told now. */
    record Due<R>(Turn<R> turn, Update<R> update) {

        /** @param taken to be run with the turn when it is over */
        void tell(Consumer<Turn<?>> taken) {
            turn.watch.tell(update, () -> taken.accept(turn));
        }
    }

    /** Empty if it has to wait for what was told before. */
    <R> Optional<Due<R>> add(Watch<R> watch, Update<R> update, Instant now) {
        Optional<Turn<R>> open = find(watch);
        open.ifPresent(turn -> turn.add(update, now));
        return open.isPresent() ? Optional.empty() : Optional.of(begin(watch, update, now, now));
    }

    private <R> Due<R> begin(Watch<R> watch, Update<R> update, Instant came, Instant now) {
        Turn<R> turn = new Turn<>(watch, came, now);
        turns.put(watch, turn);
        return new Due<>(turn, update);
    }

    @SuppressWarnings("unchecked") // each stands by its own watch
    private <R> Optional<Turn<R>> find(Watch<R> watch) {
        return Optional.ofNullable((Turn<R>) turns.get(watch));
    }

    /** The turn is over; what has waited for that is due. Nothing if it was not waited for any more. */
    <R> Optional<Due<R>> taken(Turn<R> turn, Instant now) {
        if (!turns.remove(turn.watch, turn)) {
            return Optional.empty();
        }
        turn.watch.stats().took(Duration.between(turn.came, now));
        return next(turn, now);
    }

    private <R> Optional<Due<R>> next(Turn<R> turn, Instant now) {
        return turn.waiting.map(waiting -> begin(turn.watch, waiting.update(), waiting.came(), now));
    }

    /** The watch has ended: whatever it was told may never be seen to. */
    void gone(Watch<?> watch) {
        turns.remove(watch);
    }

    /** Those who take too long are not waited for any longer; what has waited for them is due. */
    List<Due<?>> forget(Instant now) {
        List<Turn<?>> late = List.copyOf(turns.values());
        turns.clear();
        List<Due<?>> due = new ArrayList<>();
        late.forEach(turn -> next(turn, now).ifPresent(due::add));
        return due;
    }

    /** Since when the one has waited who has waited longest. */
    Optional<Instant> longest() {
        return turns.values().stream().map(turn -> turn.told).min(Instant::compareTo);
    }

    int count() {
        return turns.size();
    }
}
