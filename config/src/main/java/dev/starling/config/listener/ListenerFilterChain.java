package dev.starling.config.listener;

import dev.starling.config.Extension;
import java.time.Duration;
import java.util.List;

/**
 * What looks at a connection before its filter chain is chosen.
 *
 * @param timeout for all filters together; zero: none
 * @param continuesOnTimeout a connection whose time is up is served with what is known of it, instead of closed
 */
public record ListenerFilterChain(List<Entry> filters, Duration timeout, boolean continuesOnTimeout) {

    public static final ListenerFilterChain NONE = new ListenerFilterChain(List.of(), Duration.ofSeconds(15), false);

    public ListenerFilterChain {
        filters = List.copyOf(filters);
    }

    /** @param disabled the connections that the filter leaves alone */
    public record Entry(Extension filter, ConnectionPredicate disabled) {}
}
