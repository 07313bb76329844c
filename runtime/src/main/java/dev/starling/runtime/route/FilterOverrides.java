package dev.starling.runtime.route;

import dev.starling.config.route.FilterOverride;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What routes say of HTTP filters, by their names in the chain: all levels in one, made when the table is compiled. Immutable; any
 * thread.
 */
public final class FilterOverrides {

    public static final FilterOverrides NONE = new FilterOverrides(Map.of());

    private final Map<String, FilterOverride> byName;
    private final boolean disabling;

    private FilterOverrides(Map<String, FilterOverride> byName) {
        this.byName = byName;
        this.disabling = byName.values().stream().anyMatch(FilterOverride::disabled);
    }

    static FilterOverrides of(Map<String, FilterOverride> byName) {
        return byName.isEmpty() ? NONE : new FilterOverrides(byName);
    }

    /** These where the inner level says nothing else. */
    FilterOverrides with(Map<String, FilterOverride> inner) {
        return inner.isEmpty() ? this : new FilterOverrides(FilterOverride.merge(byName, inner));
    }

    public boolean isEmpty() {
        return byName.isEmpty();
    }

    /** Whether any filter is disabled by them. */
    public boolean disabling() {
        return disabling;
    }

    /** @param otherwise what holds without a word of theirs */
    public boolean disabled(String filter, boolean otherwise) {
        FilterOverride said = byName.get(filter);
        return said == null ? otherwise : said.disabled();
    }

    /** What the filter is configured with in place of its own; null if there is none of this type, as Envoy has it. */
    public <C extends Record> @Nullable C config(String filter, Class<C> type) {
        FilterOverride said = byName.get(filter);
        return said == null
                ? null
                : said.config().filter(type::isInstance).map(type::cast).orElse(null);
    }
}
