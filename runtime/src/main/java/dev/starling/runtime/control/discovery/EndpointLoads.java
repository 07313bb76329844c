package dev.starling.runtime.control.discovery;

import dev.starling.config.cluster.Cluster.Discovery.Eds;
import dev.starling.lb.Endpoint;
import dev.starling.lb.EndpointState;
import dev.starling.runtime.cluster.ClusterSlot;
import dev.starling.runtime.cluster.ClusterSnapshot;
import dev.starling.runtime.cluster.ClusterTable;
import dev.starling.xds.load.LoadSource;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;

/** The counts of all endpoints in service. */
public final class EndpointLoads implements LoadSource {

    private final ClusterTable clusters;

    public EndpointLoads(ClusterTable clusters) {
        this.clusters = clusters;
    }

    @Override
    public Set<String> clusters() {
        Set<String> names = new LinkedHashSet<>();
        clusters.snapshots().forEach(cluster -> names.add(cluster.name()));
        return names;
    }

    @Override
    public Optional<ClusterLoad> load(String cluster) {
        ClusterSlot slot = clusters.find(cluster);
        ClusterSnapshot current = slot == null ? null : slot.current();
        return Optional.ofNullable(current)
                .map(found -> new ClusterLoad(
                        serviceName(found),
                        found.endpoints().endpoints().stream()
                                .map(EndpointLoads::load)
                                .toList()));
    }

    private static String serviceName(ClusterSnapshot cluster) {
        return cluster.settings().discovery() instanceof Eds eds
                        && !eds.serviceName().equals(cluster.name())
                ? eds.serviceName()
                : "";
    }

    private static EndpointLoad load(Endpoint endpoint) {
        EndpointState state = endpoint.state();
        return new EndpointLoad(
                state,
                endpoint.locality(),
                endpoint.priority(),
                state.requestsTotal().sum(),
                state.requestsSucceeded().sum(),
                state.requestsFailed().sum(),
                state.activeRequests());
    }
}
