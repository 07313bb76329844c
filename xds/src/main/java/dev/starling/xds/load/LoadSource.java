package dev.starling.xds.load;

import dev.starling.config.Locality;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What has been counted of the load on endpoints. Any thread. */
public interface LoadSource {

    /** Of the clusters in service. */
    Set<String> clusters();

    /** Empty if no such cluster is in service. */
    Optional<ClusterLoad> load(String cluster);

    /** @param serviceName what endpoints are asked for by, if not by the cluster's name; else empty */
    record ClusterLoad(String serviceName, List<EndpointLoad> endpoints) {
        public ClusterLoad {
            endpoints = List.copyOf(endpoints);
        }
    }

    /**
     * All since the endpoint came, but for {@code active}.
     *
     * @param identity equal only to itself, and the same as long as it is the same endpoint
     */
    record EndpointLoad(
            Object identity, Locality locality, int priority, long issued, long succeeded, long failed, long active) {}
}
