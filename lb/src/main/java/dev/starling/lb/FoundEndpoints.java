package dev.starling.lb;

import java.util.List;

/** The endpoints of a load assignment as discovery has found them, in the assignment's order. Immutable. */
public interface FoundEndpoints {

    int size();

    ResolvedEndpoint get(int index);

    /** Whether an endpoint in service was made of this one, where that can be told without making it again. */
    boolean isSame(int index, Endpoint endpoint);

    /** Ones whose addresses were found out. */
    static FoundEndpoints of(List<ResolvedEndpoint> endpoints) {
        List<ResolvedEndpoint> found = List.copyOf(endpoints);
        return new FoundEndpoints() {
            @Override
            public int size() {
                return found.size();
            }

            @Override
            public ResolvedEndpoint get(int index) {
                return found.get(index);
            }

            @Override
            public boolean isSame(int index, Endpoint endpoint) {
                return false;
            }
        };
    }
}
