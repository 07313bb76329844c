package dev.starling.xds.relay;

import dev.starling.xds.resource.HeldResources;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** What is held, made ready once a change and not once a client. What was not accepted is not held, so it is not served. */
final class HeldCatalogue implements Catalogue {

    private final HeldResources held;
    private final Map<String, Ready> ready = new ConcurrentHashMap<>();

    /** @param old whether it has changed since */
    private record Ready(ServedType type, boolean old) {}

    HeldCatalogue(HeldResources held) {
        this.held = held;
    }

    /** To be called before those are told who ask for it. */
    void changed(String typeUrl) {
        ready.computeIfPresent(typeUrl, (_, before) -> new Ready(before.type(), true));
    }

    @Override
    public ServedType of(String typeUrl) {
        if (!held.known(typeUrl)) {
            return ServedType.UNKNOWN;
        }
        Ready last = ready.get(typeUrl);
        return last != null && !last.old()
                ? last.type()
                : ready.compute(typeUrl, (_, before) -> renewed(typeUrl, before))
                        .type();
    }

    private Ready renewed(String typeUrl, @Nullable Ready before) {
        if (before != null && !before.old()) {
            return before;
        }
        ServedType last = before == null ? ServedType.UNKNOWN : before.type();
        return new Ready(last.next(held.held(typeUrl)), false);
    }
}
