package dev.starling.xds.subscription;

import dev.starling.xds.protocol.Change;
import dev.starling.xds.protocol.Objections;
import dev.starling.xds.protocol.Refusal;
import dev.starling.xds.protocol.TypeState;
import dev.starling.xds.resource.Held;
import dev.starling.xds.resource.ResourceName;
import dev.starling.xds.subscription.Watch.Update;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** Those who watch one type at one source. Used by one thread. */
public final class Subscribers<R> implements Objections<R> {

    private final TypeState<R, ?, ?> type;
    private final Telling telling;
    private final Set<Watch<R>> ofAll = new LinkedHashSet<>();
    private final Map<String, Set<Watch<R>>> byName = new HashMap<>();
    /** Names of {@link #byName} that stand for members. */
    private final Set<String> watchedCollections = new HashSet<>();

    private final Set<Watch<R>> unanswered = new HashSet<>();
    /** Names of which is known that there is no such resource. */
    private final Set<String> absent = new HashSet<>();

    /** The version of the last response. */
    private Optional<String> answered = Optional.empty();

    /** How a watch is told. */
    public interface Telling {
        <T> void tell(Watch<T> watch, Update<T> update);
    }

    public Subscribers(TypeState<R, ?, ?> type, Telling telling) {
        this.type = type;
        this.telling = telling;
    }

    /** Is told what is held already, which counts as if it had just come; true if an answer is to be waited for. */
    public boolean add(Watch<R> watch, Instant now) {
        Optional<String> name = watch.name();
        if (name.isEmpty()) {
            ofAll.add(watch);
        } else {
            byName.computeIfAbsent(name.get(), _ -> new LinkedHashSet<>()).add(watch);
            if (ResourceName.isCollection(name.get())) {
                watchedCollections.add(name.get());
            }
        }
        Optional<Change<R>> known = name.isEmpty() ? allKnown() : known(name.get());
        if (known.isEmpty()) {
            unanswered.add(watch);
        } else {
            tell(watch, known.get(), now);
        }
        return known.isEmpty();
    }

    private Optional<Change<R>> allKnown() {
        return answered.map(version -> new Change<>(version, List.copyOf(type.held()), List.of(), List.of()));
    }

    private Optional<Change<R>> known(String name) {
        Optional<Held<R>> held = type.held(name);
        if (held.isPresent()) {
            return Optional.of(new Change<>(held.get().version(), List.of(held.get()), List.of(), List.of()));
        }
        List<Held<R>> members = ResourceName.isCollection(name) ? membersOf(name) : List.of();
        if (!members.isEmpty()) {
            return answered.map(version -> new Change<>(version, members, List.of(), List.of()));
        }
        return answered.filter(_ -> absent.contains(name))
                .map(version -> new Change<>(version, List.of(), List.of(name), List.of()));
    }

    private List<Held<R>> membersOf(String collection) {
        return type.held().stream()
                .filter(held -> ResourceName.collectionOf(held.name()).equals(collection))
                .toList();
    }

    /** False if it was not there. */
    public boolean remove(Watch<R> watch) {
        unanswered.remove(watch);
        if (watch.name().isEmpty()) {
            return ofAll.remove(watch);
        }
        String name = watch.name().get();
        Set<Watch<R>> watches = byName.getOrDefault(name, Set.of());
        if (!watches.contains(watch)) {
            return false;
        }
        watches.remove(watch);
        if (watches.isEmpty()) {
            byName.remove(name);
            absent.remove(name);
            watchedCollections.remove(name);
        }
        return true;
    }

    /** Only if all who want it object: it is taken for the others. */
    @Override
    public Optional<String> against(String name, R resource) {
        Optional<String> objection = Optional.empty();
        for (Watch<R> watch : interested(name)) {
            objection = watch.objection(resource);
            if (objection.isEmpty()) {
                return objection;
            }
        }
        return objection;
    }

    private List<Watch<R>> interested(String name) {
        List<Watch<R>> interested = new ArrayList<>(ofAll);
        interested.addAll(byName.getOrDefault(name, Set.of()));
        return interested;
    }

    /** Tells what a response has changed. Those who watch all are told of each response. */
    public void tell(Change<R> change, Instant now) {
        answered = Optional.of(change.version());
        change.updated().forEach(held -> absent.remove(held.name()));
        absent.addAll(change.removed().stream().filter(byName::containsKey).toList());
        ofAll.forEach(watch -> tell(watch, change, now));
        for (Held<R> held : change.updated()) {
            tell(held.name(), new Change<>(change.version(), List.of(held), List.of(), List.of()), now);
            held.aliases()
                    .forEach(alias ->
                            tell(alias, new Change<>(change.version(), List.of(held), List.of(), List.of()), now));
        }
        for (String name : change.removed()) {
            tell(name, new Change<>(change.version(), List.of(), List.of(name), List.of()), now);
        }
        for (Refusal refusal : change.refused()) {
            tell(refusal.name(), new Change<>(change.version(), List.of(), List.of(), List.of(refusal)), now);
        }
        collections(change).forEach(name -> tell(name, change.within(name), now));
    }

    /** Those that are watched and have members in it. */
    private Set<String> collections(Change<R> change) {
        return watchedCollections.isEmpty()
                ? Set.of()
                : change.names()
                        .map(ResourceName::collectionOf)
                        .filter(watchedCollections::contains)
                        .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    private void tell(String name, Change<R> change, Instant now) {
        // A subscriber may end its watch when it is told.
        List.copyOf(byName.getOrDefault(name, Set.of())).forEach(watch -> tell(watch, change, now));
    }

    private void tell(Watch<R> watch, Change<R> change, Instant now) {
        unanswered.remove(watch);
        if (change.refused().isEmpty()) {
            watch.stats().succeeded(change.version(), now);
        } else {
            watch.stats().rejected();
        }
        telling.tell(watch, new Update.Answered<>(change));
    }

    /** The time for a first answer is over. */
    public void timeOut(Watch<R> watch) {
        if (unanswered.remove(watch)) {
            watch.stats().timedOut();
            telling.tell(watch, new Update.NothingCame<>());
        }
    }

    public void count(Consumer<SubscriptionStats> event) {
        all().forEach(watch -> event.accept(watch.stats()));
    }

    public Collection<Watch<R>> all() {
        List<Watch<R>> all = new ArrayList<>(ofAll);
        byName.values().forEach(all::addAll);
        return all;
    }
}
