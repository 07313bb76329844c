package dev.starling.runtime.listener.filter;

import dev.starling.config.Extension;
import dev.starling.runtime.loop.Loop;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A listener filter whose configuration comes by itself. Any thread. */
final class DiscoveredListenerFilter implements ListenerFilter.Maker {

    private static final Logger log = LoggerFactory.getLogger(DiscoveredListenerFilter.class);

    private final String name;
    private final Function<Extension, ListenerFilter.Maker> makers;
    private volatile ListenerFilter.@Nullable Maker current;

    DiscoveredListenerFilter(String name, Function<Extension, ListenerFilter.Maker> makers) {
        this.name = name;
        this.makers = makers;
    }

    /** For connections that come from now on. */
    void use(Optional<Extension> config) {
        try {
            current = config.map(makers).orElse(null);
        } catch (RuntimeException fault) { // validated, so a bug: what is in service stays
            log.error("listener filter {} cannot be configured anew", name, fault);
        }
    }

    /** What makes it for a connection that comes now; null as long as there is no configuration. */
    ListenerFilter.@Nullable Maker current() {
        return current;
    }

    @Override
    public ListenerFilter make(Loop loop) {
        return Objects.requireNonNull(current, "no configuration").make(loop);
    }
}
