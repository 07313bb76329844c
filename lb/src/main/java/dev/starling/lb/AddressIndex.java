package dev.starling.lb;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Endpoints by address. One that was made from another shares what the two have in common, so that few changes to many endpoints
 * cost little; when they have become many they are made one map again. Immutable.
 */
final class AddressIndex {

    /** A share of the endpoints, above which changes are merged. */
    private static final int MERGED_FROM = 16;

    private final Map<String, Endpoint> all;
    /** Those that have come, changed, or (null) gone since. */
    private final Map<String, @Nullable Endpoint> since;

    private AddressIndex(Map<String, Endpoint> all, Map<String, @Nullable Endpoint> since) {
        this.all = all;
        this.since = since;
    }

    static AddressIndex of(Collection<Endpoint> endpoints) {
        Map<String, Endpoint> all = HashMap.newHashMap(endpoints.size());
        endpoints.forEach(endpoint -> all.put(endpoint.addressText(), endpoint));
        return new AddressIndex(all, Map.of());
    }

    @Nullable
    Endpoint find(String addressText) {
        Endpoint changed = since.get(addressText);
        return changed != null || since.containsKey(addressText) ? changed : all.get(addressText);
    }

    /**
     * Of the same endpoints but these.
     *
     * @param put come, or changed
     * @param endpoints all that it is to have
     */
    AddressIndex with(Collection<Endpoint> removed, List<Endpoint> put, Collection<Endpoint> endpoints) {
        if ((since.size() + removed.size() + put.size()) * MERGED_FROM > endpoints.size()) {
            return of(endpoints);
        }
        Map<String, @Nullable Endpoint> changes = new HashMap<>(since);
        removed.forEach(endpoint -> changes.put(endpoint.addressText(), null));
        put.forEach(endpoint -> changes.put(endpoint.addressText(), endpoint));
        return new AddressIndex(all, changes);
    }
}
