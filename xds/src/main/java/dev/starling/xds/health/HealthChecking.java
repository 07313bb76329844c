package dev.starling.xds.health;

import dev.starling.config.Address;
import dev.starling.config.Locality;
import dev.starling.config.cluster.HealthCheckSpecifier;
import java.util.List;

/** Checks endpoints that take no traffic of ours. Called by one thread at a time. */
public interface HealthChecking {

    /** These from now on, and no others. What stays as it is goes on as it was. */
    void check(HealthCheckSpecifier wanted);

    /** What is known now, in the order of what was wanted last. */
    List<ClusterHealth> health();

    /** For inspection: one for each cluster. */
    List<? extends Record> views();

    /** @param cluster its name, which may be empty */
    record ClusterHealth(String cluster, List<LocalityHealth> localities) {
        public ClusterHealth {
            localities = List.copyOf(localities);
        }
    }

    /** Of one group of endpoints; a locality may come in several. */
    record LocalityHealth(Locality locality, List<EndpointHealth> endpoints) {
        public LocalityHealth {
            endpoints = List.copyOf(endpoints);
        }
    }

    /** @param address of the endpoint, though it may be asked at another port */
    record EndpointHealth(Address address, Status status) {}

    /** As the last checks have it; an endpoint is not healthy before it has passed one. */
    enum Status {
        HEALTHY,
        UNHEALTHY,
        /** The last check had no answer in time. */
        TIMEOUT
    }
}
