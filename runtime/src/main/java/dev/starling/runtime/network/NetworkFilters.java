package dev.starling.runtime.network;

import dev.starling.config.Extension;
import dev.starling.config.listener.FilterChain;
import dev.starling.config.proto.ExtensionCategory;
import dev.starling.config.proto.ExtensionFactory;
import dev.starling.config.proto.ExtensionRegistry;
import org.jspecify.annotations.Nullable;

/** Makes the network filters of filter chains, by what the registry has. */
public final class NetworkFilters {

    private NetworkFilters() {}

    /**
     * The terminal filter of a chain, or null if the chain is empty and closes what it gets. Validation has seen to it that
     * the filters are known and that nothing stands before the terminal one that is not.
     */
    public static @Nullable NetworkFilter create(
            FilterChain chain, ExtensionRegistry extensions, FilterChainContext context) {
        if (chain.filters().isEmpty()) {
            return null;
        }
        Extension terminal = chain.filters().getLast();
        ExtensionFactory<?> factory = extensions
                .find(ExtensionCategory.NETWORK_FILTER, terminal.typeUrl())
                .orElseThrow(() -> new IllegalStateException("validated, but not registered: " + terminal.typeUrl()));
        return create((NetworkFilterFactory<?, ?>) factory, terminal.config(), context);
    }

    private static <C extends Record> NetworkFilter create(
            NetworkFilterFactory<?, C> factory, Record config, FilterChainContext context) {
        return factory.create(factory.recordType().cast(config), context);
    }
}
