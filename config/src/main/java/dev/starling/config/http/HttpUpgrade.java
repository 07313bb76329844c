package dev.starling.config.http;

import java.util.List;

/**
 * One {@code upgrade_type} of a connection manager, lower case.
 *
 * @param enabled unless the route says otherwise
 * @param filters that such requests pass; none: those of all others
 */
public record HttpUpgrade(String type, boolean enabled, List<HttpFilterEntry> filters) {

    public HttpUpgrade {
        filters = List.copyOf(filters);
    }
}
