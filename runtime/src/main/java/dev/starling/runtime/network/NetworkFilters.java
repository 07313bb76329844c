package dev.starling.runtime.network;

import dev.starling.config.DiscoveredExtension;
import dev.starling.config.Extension;
import dev.starling.config.listener.FilterChain;
import dev.starling.config.proto.ExtensionCategory;
import dev.starling.config.proto.ExtensionFactory;
import dev.starling.config.proto.ExtensionRegistry;
import dev.starling.runtime.ProxyContext;
import dev.starling.runtime.stats.Counter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
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
            gates.add(
                    before.config() instanceof DiscoveredExtension wanted
                            ? discoveredGate(before.name(), wanted, extensions, context)
                            : gate(before, extensions, context));
        }
        Extension last = chain.filters().getLast();
        NetworkFilter terminal = last.config() instanceof DiscoveredExtension wanted
                ? discoveredTerminal(last.name(), wanted, extensions, context)
                : terminal(last, extensions, context);
        boolean discovered = chain.filters().stream().anyMatch(each -> each.config() instanceof DiscoveredExtension);
        Counter missing = discovered ? context.listenerScope().counter("network_extension_config_missing") : null;
        return gates.isEmpty() && missing == null ? terminal : new GatedFilter(gates, terminal, missing);
    }

    private static ConnectionGate discoveredGate(
            String name, DiscoveredExtension wanted, ExtensionRegistry extensions, FilterChainContext context) {
        DiscoveredGate gate =
                new DiscoveredGate(name, configured(context, (config, part) -> gate(config, extensions, part)));
        follow(name, wanted, context, gate::use);
        return gate;
    }

    private static NetworkFilter discoveredTerminal(
            String name, DiscoveredExtension wanted, ExtensionRegistry extensions, FilterChainContext context) {
        DiscoveredTerminal terminal =
                new DiscoveredTerminal(name, configured(context, (config, part) -> terminal(config, extensions, part)));
        follow(name, wanted, context, terminal::use);
        return terminal;
    }

    /** Until the chain is no more. */
    private static void follow(
            String name, DiscoveredExtension wanted, FilterChainContext context, Consumer<Optional<Extension>> use) {
        context.proxy().filterConfigs().follow(FilterConfigs.Kind.NETWORK, name, wanted, use);
        context.atEnd().accept(() -> use.accept(Optional.empty()));
    }

    /** Makes filters that are not bound to last as long as their chain. */
    private static <F> Function<Extension, ConfiguredFilter<F>> configured(
            FilterChainContext chain, BiFunction<Extension, FilterChainContext, F> maker) {
        return config -> {
            List<Runnable> atEnd = new ArrayList<>();
            ProxyContext lent = chain.lending().lend(atEnd::add);
            try {
                return new ConfiguredFilter<>(
                        maker.apply(config, chain.of(lent, atEnd::add)),
                        atEnd,
                        lent.system().dispatcher());
            } catch (RuntimeException fault) {
                atEnd.forEach(Runnable::run);
                throw fault;
            }
        };
    }

    private static ConnectionGate gate(Extension filter, ExtensionRegistry extensions, FilterChainContext context) {
        return gate((ConnectionGateFactory<?, ?>) factory(filter, extensions), filter.config(), context);
    }

    private static NetworkFilter terminal(Extension filter, ExtensionRegistry extensions, FilterChainContext context) {
        return terminal((NetworkFilterFactory<?, ?>) factory(filter, extensions), filter.config(), context);
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

    private static <C extends Record> NetworkFilter terminal(
            NetworkFilterFactory<?, C> factory, Record config, FilterChainContext context) {
        return factory.create(factory.recordType().cast(config), context);
    }
}
