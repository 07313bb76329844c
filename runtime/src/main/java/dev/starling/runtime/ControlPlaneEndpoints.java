package dev.starling.runtime;

import dev.starling.lb.Endpoint;
import dev.starling.lb.EndpointSet;
import dev.starling.runtime.cluster.ClusterSlot;
import dev.starling.runtime.cluster.ClusterSnapshot;
import dev.starling.runtime.cluster.ClusterTable;
import java.net.SocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.random.RandomGenerator;

/**
 * Picks an endpoint of a cluster for a stream to a control plane: any of those that are healthy, or else any.
 *
 * @param random drawn from by several threads at once
 */
record ControlPlaneEndpoints(ClusterTable clusters, RandomGenerator random)
        implements Function<String, Optional<SocketAddress>> {

    @Override
    public Optional<SocketAddress> apply(String cluster) {
        ClusterSlot slot = clusters.find(cluster);
        ClusterSnapshot snapshot = slot == null ? null : slot.current();
        if (snapshot == null) {
            return Optional.empty();
        }
        EndpointSet all = snapshot.endpoints();
        List<Endpoint> healthy = all.endpoints().stream()
                .filter(endpoint -> endpoint.state().healthFlags() == 0)
                .toList();
        List<Endpoint> choice = healthy.isEmpty() ? all.endpoints() : healthy;
        return choice.isEmpty()
                ? Optional.empty()
                : Optional.of(choice.get(random.nextInt(choice.size())).address());
    }
}
