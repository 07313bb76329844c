package dev.starling.runtime.http;

import dev.starling.runtime.http.filter.HttpFilter;
import dev.starling.runtime.route.FilterOverrides;
import dev.starling.runtime.route.RouteResult;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The HTTP filters of a connection manager, or of a kind of upgrade, and which of them a request passes by what its route says.
 * Immutable; any thread.
 */
public final class HttpFilterChain {

    /** @param disabled passed only where a route says so */
    public record Entry(String name, boolean disabled, HttpFilter.Maker maker) {}

    private final List<Entry> entries;
    private final List<HttpFilter.Maker> usual;

    /** @param entries the last one is passed whatever a route says: Envoy lets such requests wait until they time out */
    public HttpFilterChain(List<Entry> entries) {
        this.entries = List.copyOf(entries);
        this.usual = entries.stream()
                .filter(entry -> !entry.disabled())
                .map(Entry::maker)
                .toList();
    }

    /** @param route null: none says anything */
    List<HttpFilter.Maker> makers(@Nullable RouteResult route) {
        FilterOverrides overrides = route == null ? FilterOverrides.NONE : route.filterOverrides();
        return overrides.isEmpty() || (!overrides.disabling() && usual.size() == entries.size())
                ? usual
                : chosen(overrides);
    }

    private List<HttpFilter.Maker> chosen(FilterOverrides overrides) {
        List<HttpFilter.Maker> chosen = new ArrayList<>(entries.size());
        for (Entry entry : entries.subList(0, entries.size() - 1)) {
            if (!overrides.disabled(entry.name(), entry.disabled())) {
                chosen.add(entry.maker());
            }
        }
        chosen.add(entries.getLast().maker());
        return chosen;
    }
}
