package dev.starling.runtime.control.listener;

import dev.starling.config.listener.Listener;
import dev.starling.config.listener.Listener.TrafficDirection;
import dev.starling.runtime.listener.ListenerView;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.pekko.actor.typed.ActorRef;

/** The listeners by name, in the order they came, and beside them those that were removed and still have connections. */
final class ListenerSet {

    private final Map<String, Entry> listeners = new LinkedHashMap<>();
    private final Map<String, ListenerView> views = new LinkedHashMap<>();
    private final Set<ActorRef<ListenerActor.Command>> living = new HashSet<>();

    record Entry(ActorRef<ListenerActor.Command> actor, boolean addedViaApi, TrafficDirection direction) {}

    void add(Listener listener, boolean viaApi, ActorRef<ListenerActor.Command> actor) {
        living.add(actor);
        listeners.put(listener.name(), new Entry(actor, viaApi, listener.trafficDirection()));
    }

    /** What is known of it is that of the next version from now on. */
    void update(Listener next) {
        listeners.computeIfPresent(
                next.name(), (_, known) -> new Entry(known.actor(), known.addedViaApi(), next.trafficDirection()));
    }

    Optional<Entry> find(String name) {
        return Optional.ofNullable(listeners.get(name));
    }

    /** Lives on until it has {@link #ended}. */
    void remove(String name) {
        listeners.remove(name);
        views.remove(name);
    }

    /** A version is in service; false if the listener was removed meanwhile. */
    boolean serves(ListenerView view) {
        if (!listeners.containsKey(view.name())) {
            return false;
        }
        views.put(view.name(), view);
        return true;
    }

    /** What is in service, in the order of the configuration, whichever was ready first. */
    List<ListenerView> inService() {
        return listeners.keySet().stream()
                .map(views::get)
                .filter(Objects::nonNull)
                .toList();
    }

    /** Its actor has ended; true if nobody had removed it. */
    boolean ended(ActorRef<ListenerActor.Command> actor) {
        living.remove(actor);
        return listeners.values().removeIf(entry -> entry.actor().equals(actor));
    }

    Set<String> names() {
        return Collections.unmodifiableSet(listeners.keySet());
    }

    List<Entry> entries() {
        return new ArrayList<>(listeners.values());
    }

    Set<ActorRef<ListenerActor.Command>> living() {
        return Collections.unmodifiableSet(living);
    }

    SortedMap<String, ActorRef<ListenerActor.Command>> named() {
        SortedMap<String, ActorRef<ListenerActor.Command>> named = new TreeMap<>();
        listeners.forEach((name, entry) -> named.put(name, entry.actor()));
        return named;
    }

    /** Removed, but still with connections. */
    List<ActorRef<ListenerActor.Command>> leaving() {
        Set<ActorRef<ListenerActor.Command>> leaving = new HashSet<>(living);
        listeners.values().forEach(entry -> leaving.remove(entry.actor()));
        return List.copyOf(leaving);
    }
}
