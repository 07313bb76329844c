package dev.starling.runtime.network;

import dev.starling.config.DiscoveredExtension;
import dev.starling.config.Extension;
import java.util.Optional;
import java.util.function.Consumer;

/** Where filters get configurations that come by themselves. */
@FunctionalInterface
public interface FilterConfigs {

    /** What is configured, in the words of Envoy's statistics. */
    enum Kind {
        HTTP("http_filter"),
        NETWORK("network_filter"),
        LISTENER("tcp_listener_filter");

        private final String envoyName;

        Kind(String envoyName) {
            this.envoyName = envoyName;
        }

        public String envoyName() {
            return envoyName;
        }
    }

    /**
     * Tells what the filter is to be configured with from now on, and once more whenever that changes; nothing, if there is
     * neither a configuration nor a fallback. On any thread, but never on two at once.
     */
    void follow(Kind kind, String name, DiscoveredExtension wanted, Consumer<Optional<Extension>> use);
}
