package dev.starling.xds.resource;

import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * What all sources together hold: to be shown, and to be served on. Each source has a section of its own, so that two that
 * have a resource of the same name do not take it from each other. Read by any thread.
 */
public final class HeldResources {

    private final List<Section> sections = new CopyOnWriteArrayList<>();
    private final List<Consumer<String>> listeners = new CopyOnWriteArrayList<>();
    private final Map<String, Map<String, Instant>> watched = new ConcurrentHashMap<>();

    private static final class OfType {

        private final Map<String, Held<?>> held = new ConcurrentSkipListMap<>();
        private final Map<String, RefusedResource> refused = new ConcurrentSkipListMap<>();
        private volatile String version = "";
        private volatile boolean known;
    }

    /**
     * The last word on a resource was not accepted.
     *
     * @param version of the response
     */
    public record RefusedResource(String name, String version, String reason, Instant at) {

        @Override
        public String toString() {
            return name + ": " + reason;
        }
    }

    /** What one source holds. Written by its actor only. */
    public final class Section {

        private final Map<String, OfType> types = new ConcurrentHashMap<>();

        private Section() {}

        private OfType of(String typeUrl) {
            return types.computeIfAbsent(typeUrl, _ -> new OfType());
        }

        /** @param version of the last response that was accepted as a whole, or of which something was */
        public void version(String typeUrl, String version) {
            of(typeUrl).version = version;
        }

        public String version(String typeUrl) {
            return of(typeUrl).version;
        }

        public void put(String typeUrl, Held<?> resource) {
            OfType type = of(typeUrl);
            type.refused.remove(resource.name());
            type.held.put(resource.name(), resource);
        }

        public void remove(String typeUrl, String name) {
            OfType type = of(typeUrl);
            type.refused.remove(name);
            type.held.remove(name);
        }

        public void refuse(String typeUrl, RefusedResource refused) {
            of(typeUrl).refused.put(refused.name(), refused);
        }

        /** A response is dealt with: from now on it is known what there is. */
        public void settled(String typeUrl) {
            of(typeUrl).known = true;
            tell(typeUrl);
        }

        private void tell(String typeUrl) {
            listeners.forEach(listener -> listener.accept(typeUrl));
        }

        /** By name, each with its reason. */
        public List<String> refusals(String typeUrl) {
            return of(typeUrl).refused.values().stream()
                    .map(RefusedResource::toString)
                    .toList();
        }

        /** The source is no more. */
        public void end() {
            sections.remove(this);
            types.keySet().forEach(this::tell);
        }
    }

    /** For one more source. */
    public Section section() {
        Section section = new Section();
        sections.add(section);
        return section;
    }

    /** @param listener told of the type after each response that has changed something; must not block */
    public void listen(Consumer<String> listener) {
        listeners.add(listener);
    }

    /** False until a source has answered what there is of the type. */
    public boolean known(String typeUrl) {
        return of(typeUrl).anyMatch(type -> type.known);
    }

    /** Somebody has wanted the resource since. */
    public void watched(String typeUrl, String name, Instant since) {
        watched.computeIfAbsent(typeUrl, _ -> new ConcurrentSkipListMap<>()).put(name, since);
    }

    /** Nobody wants it any more. */
    public void unwatched(String typeUrl, String name) {
        watched.getOrDefault(typeUrl, Map.of()).remove(name);
    }

    /** Since when each is wanted, by name. Only of types whose watchers tell. */
    public SortedMap<String, Instant> watched(String typeUrl) {
        return new TreeMap<>(watched.getOrDefault(typeUrl, Map.of()));
    }

    private Stream<OfType> of(String typeUrl) {
        return sections.stream().map(section -> section.types.get(typeUrl)).filter(Objects::nonNull);
    }

    /** By name. */
    public Collection<Held<?>> held(String typeUrl) {
        return of(typeUrl)
                .<Held<?>>flatMap(type -> type.held.values().stream())
                .sorted(Comparator.comparing(Held::name))
                .toList();
    }

    public Optional<Held<?>> held(String typeUrl, String name) {
        return of(typeUrl)
                .<Held<?>>flatMap(type -> Stream.ofNullable(type.held.get(name)))
                .findFirst();
    }

    /** By name. */
    public Collection<RefusedResource> refused(String typeUrl) {
        return of(typeUrl)
                .flatMap(type -> type.refused.values().stream())
                .sorted(Comparator.comparing(RefusedResource::name))
                .toList();
    }

    /** Of the source that has the type; of the one that came first if there are several. */
    public String version(String typeUrl) {
        return of(typeUrl)
                .map(type -> type.version)
                .filter(version -> !version.isEmpty())
                .findFirst()
                .orElse("");
    }
}
