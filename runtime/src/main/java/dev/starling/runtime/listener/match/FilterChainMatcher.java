package dev.starling.runtime.listener.match;

import dev.starling.config.listener.FilterChain;
import dev.starling.runtime.network.ConnectionTraits;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Finds the filter chain of a connection, in Envoy's order: destination port, destination IP, server name, transport
 * protocol, application protocol, direct source IP, source type, source IP, source port. At each step the most specific key
 * there is for the connection is followed, and there is no way back from it ({@code filter_chain_manager_impl.cc}).
 * Compiled to nested tables, so that a look-up does not depend on the number of chains. Immutable.
 */
public final class FilterChainMatcher {

    private final Step root;
    private final @Nullable FilterChain fallback;

    private FilterChainMatcher(Step root, @Nullable FilterChain fallback) {
        this.root = root;
        this.fallback = fallback;
    }

    public static FilterChainMatcher of(List<FilterChain> chains, Optional<FilterChain> fallback) {
        return new FilterChainMatcher(MatchCompiler.byDestinationPort(chains), fallback.orElse(null));
    }

    /** Null: no chain matches and there is no default. */
    public @Nullable FilterChain match(ConnectionTraits connection) {
        FilterChain found = root.find(connection);
        return found == null ? fallback : found;
    }

    /** One step of the way: what lies behind the most specific of its keys. */
    @FunctionalInterface
    interface Step {
        @Nullable
        FilterChain find(ConnectionTraits connection);
    }
}
