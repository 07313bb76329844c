package dev.starling.runtime.control.cluster;

import dev.starling.config.Address;
import dev.starling.config.endpoint.EndpointConfig;
import dev.starling.config.endpoint.LoadAssignment;
import dev.starling.config.endpoint.LocalityEndpoints;
import dev.starling.lb.Endpoint;
import dev.starling.lb.FoundEndpoints;
import dev.starling.lb.ResolvedEndpoint;
import java.net.SocketAddress;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;

/**
 * The endpoints of a load assignment whose addresses need no resolving. What two assignments share of their configuration is the
 * same endpoint.
 */
final class StaticEndpoints implements FoundEndpoints {

    private final List<LocalityEndpoints> localities;
    private final int[] ends;
    private final Function<Address, SocketAddress> addresses;

    private StaticEndpoints(
            List<LocalityEndpoints> localities, int[] ends, Function<Address, SocketAddress> addresses) {
        this.localities = localities;
        this.ends = ends;
        this.addresses = addresses;
    }

    /** @param addresses refuses what is no IP address, which validation has ruled out; always the same for one address */
    static StaticEndpoints of(LoadAssignment assignment, Function<Address, SocketAddress> addresses) {
        List<LocalityEndpoints> localities = assignment.localities().stream()
                .filter(locality -> !locality.endpoints().isEmpty())
                .toList();
        int[] ends = new int[localities.size()];
        for (int i = 0; i < ends.length; i++) {
            ends[i] = (i == 0 ? 0 : ends[i - 1]) + localities.get(i).endpoints().size();
        }
        return new StaticEndpoints(localities, ends, addresses);
    }

    @Override
    public int size() {
        return ends.length == 0 ? 0 : ends[ends.length - 1];
    }

    private int locality(int index) {
        int found = Arrays.binarySearch(ends, index + 1);
        return found < 0 ? -found - 1 : found;
    }

    private EndpointConfig config(int index, int locality) {
        return localities.get(locality).endpoints().get(locality == 0 ? index : index - ends[locality - 1]);
    }

    @Override
    public ResolvedEndpoint get(int index) {
        LocalityEndpoints locality = localities.get(locality(index));
        EndpointConfig config = config(index, locality(index));
        return new ResolvedEndpoint(
                config,
                locality.locality(),
                locality.priority(),
                addresses.apply(config.address()),
                config.address().display(),
                config.hostname());
    }

    @Override
    @SuppressWarnings("ReferenceEquality") // what was not read again is the same object
    public boolean isSame(int index, Endpoint endpoint) {
        int number = locality(index);
        LocalityEndpoints locality = localities.get(number);
        return endpoint.config() == config(index, number)
                && endpoint.priority() == locality.priority()
                && endpoint.locality().equals(locality.locality());
    }
}
