package dev.starling.config.route;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What one level of a route configuration says of one HTTP filter, in {@code typed_per_filter_config} under the filter's name
 * in its chain.
 *
 * @param disabled requests do not pass the filter; otherwise they do, also where its chain has it disabled
 * @param config in place of the filter's own, as the filter's factory made it; absent: nothing else than what holds around
 */
public record FilterOverride(boolean disabled, Optional<Record> config) {

    public static final FilterOverride DISABLED = new FilterOverride(true, Optional.empty());
    public static final FilterOverride ENABLED = new FilterOverride(false, Optional.empty());

    public static FilterOverride of(Record config) {
        return new FilterOverride(false, Optional.of(config));
    }

    /** What holds inside of both: the inner word counts, but one without a configuration leaves that of the outer. */
    public static Map<String, FilterOverride> merge(
            Map<String, FilterOverride> outer, Map<String, FilterOverride> inner) {
        Map<String, FilterOverride> merged = new HashMap<>(outer);
        inner.forEach((name, said) -> merged.merge(
                name, said, (around, own) -> new FilterOverride(own.disabled, own.config.or(around::config))));
        return Map.copyOf(merged);
    }
}
