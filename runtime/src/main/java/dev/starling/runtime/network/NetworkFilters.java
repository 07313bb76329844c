package dev.starling.runtime.network;

import dev.starling.config.Extension;
import dev.starling.config.listener.FilterChain;
import dev.starling.config.proto.ExtensionCategory;
import dev.starling.config.proto.ExtensionFactory;
import dev.starling.config.proto.ExtensionRegistry;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makes the network filters of filter chains, by what the registry has. */
public final class NetworkFilters {

    private NetworkFilters() {}

    /**
     * The filters of a chain, or null if the chain is empty and closes what it gets. Validation has seen to it that
     * the filters are known and that nothing stands before the terminal one that is not.
     */
    public static @Nullable NetworkFilter create(
            FilterChain chain, ExtensionRegistry extensions, FilterChainContext context) {
        if (chain.filters().isEmpty()) {
            return null;
        }
        List<ConnectionGate> gates = new ArrayList<>();
        for (Extension before : chain.filters().subList(0, chain.filters().size() - 1)) {
            gates.add(gate((ConnectionGateFactory<?, ?>) factory(before, extensions), before.config(), context));
        }
        Extension last = chain.filters().getLast();
        NetworkFilter terminal = create((NetworkFilterFactory<?, ?>) factory(last, extensions), last.config(), context);
        return gates.isEmpty() ? terminal : new GatedFilter(gates, terminal);
    }

    private static ExtensionFactory<?> factory(Extension filter, ExtensionRegistry extensions) {
        return extensions
                .find(ExtensionCategory.NETWORK_FILTER, filter.typeUrl())
                .orElseThrow(() -> new IllegalStateException("validated, but not registered: " + filter.typeUrl()));
    }

    private static <C extends Record> ConnectionGate gate(
            ConnectionGateFactory<?, C> factory, Record config, FilterChainContext context) {
        return factory.create(factory.recordType().cast(config), context);
    }

    private static <C extends Record> NetworkFilter create(
            NetworkFilterFactory<?, C> factory, Record config, FilterChainContext context) {
        return factory.create(factory.recordType().cast(config), context);
    }
}
