package dev.starling.config.http;

import dev.starling.config.Extension;
import java.util.List;

/**
 * One {@code upgrade_type} of a connection manager, lower case.
 *
 * @param enabled unless the route says otherwise
 * @param filters that such requests pass; none: those of all others
 */
public record HttpUpgrade(String type, boolean enabled, List<Extension> filters) {

    public HttpUpgrade {
        filters = List.copyOf(filters);
    }
}
