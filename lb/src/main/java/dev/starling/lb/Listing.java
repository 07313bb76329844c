package dev.starling.lb;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which endpoints of a set an assignment lists while it is gone through: each once. Knows which one it should be next, if the
 * assignment goes on as the set does; only what is out of order is looked for.
 */
final class Listing {

    /** Where one is looked for before all places are gathered: what came or went before it was most likely little. */
    private static final int NEAR = 64;

    private final EndpointList endpoints;
    private final BitSet listed;
    private final Set<String> others = new HashSet<>();
    private int next;
    private @Nullable Map<Endpoint, Integer> places;

    Listing(EndpointList endpoints) {
        this.endpoints = endpoints;
        this.listed = new BitSet(endpoints.size());
    }

    /** The one behind that which was listed last; null at the end. */
    @Nullable
    Endpoint next() {
        return next < endpoints.size() ? endpoints.get(next) : null;
    }

    /** Lists one of the set; false if it was listed before. */
    boolean list(Endpoint endpoint) {
        int place = next() == endpoint ? next : place(endpoint);
        next = place + 1;
        if (listed.get(place)) {
            return false;
        }
        listed.set(place);
        return true;
    }

    /** Lists an address that the set does not have, most likely in the place of another; false if it was listed before. */
    boolean listNew(String addressText) {
        next++;
        return others.add(addressText);
    }

    private int place(Endpoint endpoint) {
        Map<Endpoint, Integer> known = places;
        if (known == null) {
            for (int i = Math.max(0, next - NEAR); i < Math.min(next + NEAR, endpoints.size()); i++) {
                if (endpoints.get(i) == endpoint) {
                    return i;
                }
            }
            known = HashMap.newHashMap(endpoints.size());
            for (int i = 0; i < endpoints.size(); i++) {
                known.put(endpoints.get(i), i);
            }
            places = known;
        }
        return Objects.requireNonNull(known.get(endpoint));
    }

    /** Those that were not listed. */
    List<Endpoint> missing() {
        List<Endpoint> missing = new ArrayList<>();
        for (int i = listed.nextClearBit(0); i < endpoints.size(); i = listed.nextClearBit(i + 1)) {
            missing.add(endpoints.get(i));
        }
        return missing;
    }
}
