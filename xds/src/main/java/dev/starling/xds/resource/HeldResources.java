package dev.starling.xds.resource;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/**
 * What all sources together hold: to be shown, and to be served on. Written by the sources' actors, each for what it holds,
 * read by any thread.
 */
public final class HeldResources {

    private final Map<String, OfType> types = new ConcurrentHashMap<>();
    private final List<Consumer<String>> listeners = new CopyOnWriteArrayList<>();

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
    public record RefusedResource(String name, String version, String reason, Instant at) {}

    /** @param version of the last response that was accepted as a whole, or of which something was */
    public void version(String typeUrl, String version) {
        of(typeUrl).version = version;
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
        listeners.forEach(listener -> listener.accept(typeUrl));
    }

    /** @param listener told of the type after each response that has changed something; must not block */
    public void listen(Consumer<String> listener) {
        listeners.add(listener);
    }

    /** False until a source has answered what there is of the type. */
    public boolean known(String typeUrl) {
        return of(typeUrl).known;
    }

    private OfType of(String typeUrl) {
        return types.computeIfAbsent(typeUrl, _ -> new OfType());
    }

    /** By name. */
    public Collection<Held<?>> held(String typeUrl) {
        return List.copyOf(of(typeUrl).held.values());
    }

    public Optional<Held<?>> held(String typeUrl, String name) {
        return Optional.ofNullable(of(typeUrl).held.get(name));
    }

    /** By name. */
    public Collection<RefusedResource> refused(String typeUrl) {
        return List.copyOf(of(typeUrl).refused.values());
    }

    public String version(String typeUrl) {
        return of(typeUrl).version;
    }
}
