package dev.starling.admin;

import dev.starling.config.cluster.Cluster;

/** The name by which Envoy tells people of a cluster: its other name for stats, else its own as it is. */
final class ObservabilityName {

    private ObservabilityName() {}

    static String of(Cluster cluster) {
        boolean ownName = cluster.statName().equals(cluster.name().replace(':', '_'));
        return ownName ? cluster.name() : cluster.statName();
    }
}
