package dev.starling.lb;

import java.util.AbstractList;
import java.util.Arrays;
import java.util.Collection;
import java.util.RandomAccess;

/** An immutable list of endpoints that knows its weight, so that balancers need not walk it. */
public final class EndpointList extends AbstractList<Endpoint> implements RandomAccess {

    static final EndpointList EMPTY = new EndpointList(new Endpoint[0]);

    private final Endpoint[] endpoints;
    private final long weight;
    private final boolean equalWeights;

    private EndpointList(Endpoint[] endpoints) {
        this.endpoints = endpoints;
        long sum = 0;
        boolean equal = true;
        for (Endpoint endpoint : endpoints) {
            sum += endpoint.weight();
            equal &= endpoint.weight() == endpoints[0].weight();
        }
        weight = sum;
        equalWeights = equal;
    }

    static EndpointList of(Collection<Endpoint> endpoints) {
        return endpoints.isEmpty() ? EMPTY : new EndpointList(endpoints.toArray(new Endpoint[0]));
    }

    /** The sum of the endpoints' weights. */
    public long weight() {
        return weight;
    }

    public boolean equalWeights() {
        return equalWeights;
    }

    @Override
    public Endpoint get(int index) {
        return endpoints[index];
    }

    @Override
    public int size() {
        return endpoints.length;
    }

    /** Gathers some members of a list. */
    static final class Builder {

        private Endpoint[] gathered = new Endpoint[8];
        private int size;

        void add(Endpoint endpoint) {
            if (size == gathered.length) {
                gathered = Arrays.copyOf(gathered, size * 2);
            }
            gathered[size++] = endpoint;
        }

        EndpointList build() {
            return size == 0 ? EMPTY : new EndpointList(Arrays.copyOf(gathered, size));
        }

        /** The whole list itself where every member was gathered: most clusters are healthy most of the time. */
        EndpointList buildOr(EndpointList whole) {
            return size == whole.size() ? whole : build();
        }
    }
}
