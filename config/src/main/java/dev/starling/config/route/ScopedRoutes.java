package dev.starling.config.route;

import dev.starling.config.discovery.ConfigSource;
import dev.starling.config.discovery.ResourceSet;
import java.util.List;
import java.util.Optional;

/**
 * {@code envoy.extensions.filters.network.http_connection_manager.v3.ScopedRoutes}, validated: a key is made of each
 * request's headers, and the scope with that key has the routes.
 *
 * @param name in statistics and dumps
 * @param key a request that lacks one of its parts is in no scope
 * @param routes where route configurations come from that scopes name; absent only if all scopes bring theirs
 */
public record ScopedRoutes(String name, List<KeyPart> key, Optional<ConfigSource> routes, Scopes scopes)
        implements RouteSource {

    public ScopedRoutes {
        key = List.copyOf(key);
    }

    /**
     * A part of the value of a header.
     *
     * @param header lower case
     * @param separator between elements; empty: the whole value is the only one
     */
    public record KeyPart(String header, String separator, Element element) {}

    /** Which element. */
    public sealed interface Element {

        /** From zero. */
        record At(int index) implements Element {}

        /** What stands behind the separator in the first element that begins with the key and the separator. */
        record Of(String key, String separator) implements Element {}
    }

    /** What scopes there are. */
    public sealed interface Scopes {

        record Inline(List<ScopedRoute> scopes) implements Scopes {
            public Inline {
                scopes = List.copyOf(scopes);
            }
        }

        record Discovered(ResourceSet resources) implements Scopes {}
    }
}
