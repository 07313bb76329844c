package dev.starling.xds.relay;

import dev.starling.xds.resource.HeldResources;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** What is held, made ready once a change and not once a client. What was not accepted is not held, so it is not served. */
final class HeldCatalogue implements Catalogue {

    private final HeldResources held;
    private final Map<String, ServedType> ready = new ConcurrentHashMap<>();

    HeldCatalogue(HeldResources held) {
        this.held = held;
    }

    /** To be called before those are told who ask for it. */
    void changed(String typeUrl) {
        ready.remove(typeUrl);
    }

    @Override
    public ServedType of(String typeUrl) {
        return held.known(typeUrl)
                ? ready.computeIfAbsent(typeUrl, url -> ServedType.of(held.held(url)))
                : ServedType.UNKNOWN;
    }
}
