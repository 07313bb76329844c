package dev.starling.runtime.listener;

import dev.starling.config.listener.FilterChain;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Finds the filter chain of a connection. */
public final class FilterChainMatcher {

    private final List<FilterChain> chains;
    private final @Nullable FilterChain fallback;

    private FilterChainMatcher(List<FilterChain> chains, @Nullable FilterChain fallback) {
        this.chains = chains;
        this.fallback = fallback;
    }

    public static FilterChainMatcher of(List<FilterChain> chains, Optional<FilterChain> fallback) {
        return new FilterChainMatcher(chains, fallback.orElse(null));
    }

    /** Null: no chain matches and there is no default. */
    public @Nullable FilterChain match(ConnectionTraits connection) {
        return chains.isEmpty() ? fallback : chains.getFirst();
    }
}
