package dev.starling.config.proto;

import java.util.Collection;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** The extensions of one process, built once in {@code main} and passed down. Immutable. */
public final class ExtensionRegistry {

    private final Map<ExtensionCategory, SortedMap<String, ExtensionFactory<?>>> byCategory;

    private ExtensionRegistry(Map<ExtensionCategory, SortedMap<String, ExtensionFactory<?>>> byCategory) {
        this.byCategory = byCategory;
    }

    /** By the full name of the configuration message, such as {@code envoy.extensions.filters.http.router.v3.Router}. */
    public Optional<ExtensionFactory<?>> find(ExtensionCategory category, String messageName) {
        return Optional.ofNullable(factories(category).get(messageName));
    }

    /** All of a category by message name, sorted. */
    public SortedMap<String, ExtensionFactory<?>> factories(ExtensionCategory category) {
        return byCategory.getOrDefault(category, new TreeMap<>());
    }

    /** Without those of these names, each as Envoy writes it: {@code envoy.filters.http/envoy.filters.http.router}. */
    public ExtensionRegistry without(Collection<String> names) {
        Map<ExtensionCategory, SortedMap<String, ExtensionFactory<?>>> kept = new EnumMap<>(ExtensionCategory.class);
        byCategory.forEach((category, factories) -> {
            SortedMap<String, ExtensionFactory<?>> left = new TreeMap<>(factories);
            left.values().removeIf(factory -> names.contains(category.envoyName() + "/" + factory.name()));
            kept.put(category, left);
        });
        return new ExtensionRegistry(kept);
    }

    /** Collects factories; a second one for the same type in a category fails. */
    public static final class Builder {

        private final Map<ExtensionCategory, SortedMap<String, ExtensionFactory<?>>> byCategory =
                new EnumMap<>(ExtensionCategory.class);

        public Builder add(ExtensionCategory category, ExtensionFactory<?> factory) {
            String messageName = factory.typeName();
            var previous =
                    byCategory.computeIfAbsent(category, c -> new TreeMap<>()).putIfAbsent(messageName, factory);
            if (previous != null) {
                throw new IllegalStateException("two " + category.envoyName() + " extensions for " + messageName + ": "
                        + previous.name() + " and " + factory.name());
            }
            return this;
        }

        public ExtensionRegistry build() {
            return new ExtensionRegistry(new EnumMap<>(byCategory));
        }
    }
}
