package dev.starling.runtime.cluster;

import dev.starling.config.cluster.Cluster;
import dev.starling.lb.EndpointSet;

/**
 * One published version of a cluster. An exchange keeps the settings of the version it started with; each attempt reads
 * the current endpoints.
 *
 * @param traffic limits, statistics and failure detection: the same object from version to version
 * @param addedViaApi by xDS rather than by the bootstrap
 */
public record ClusterSnapshot(Cluster settings, EndpointSet endpoints, ClusterTraffic traffic, boolean addedViaApi) {

    public String name() {
        return settings.name();
    }

    public ClusterSnapshot withEndpoints(EndpointSet newEndpoints) {
        return new ClusterSnapshot(settings, newEndpoints, traffic, addedViaApi);
    }
}
