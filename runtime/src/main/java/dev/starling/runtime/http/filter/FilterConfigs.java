package dev.starling.runtime.http.filter;

import dev.starling.config.DiscoveredExtension;
import dev.starling.config.Extension;
import java.util.Optional;
import java.util.function.Consumer;

/** Where filters get configurations that come by themselves. */
@FunctionalInterface
public interface FilterConfigs {

    /**
     * Tells what the filter is to be configured with from now on, and once more whenever that changes; nothing, if there is
     * neither a configuration nor a fallback. On any thread.
     */
    void follow(String name, DiscoveredExtension wanted, Consumer<Optional<Extension>> use);
}
