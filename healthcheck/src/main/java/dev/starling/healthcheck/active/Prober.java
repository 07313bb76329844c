package dev.starling.healthcheck.active;

import dev.starling.config.cluster.HealthCheck;
import dev.starling.lb.Endpoint;
import java.util.function.Consumer;

/** Asks endpoints how they are, over connections of its own: they are not the cluster's pools. */
@FunctionalInterface
public interface Prober {

    /** Makes ready to ask one endpoint, for as long as it is checked. Connects nowhere yet. */
    Probe prepare(Endpoint endpoint, HealthCheck check, String clusterName);

    /**
     * One endpoint's dedicated connection, kept from check to check where {@link HealthCheck#reuseConnection} says so.
     * Used by one thread at a time.
     */
    interface Probe {

        /**
         * Asks once. Called again only after a result or {@link #cancel}.
         *
         * @param done called at most once, from any thread, never after {@link #cancel} has taken effect on that thread
         */
        void start(Consumer<ProbeResult> done);

        /** Closes the connection and forgets the check in flight, if any. The next {@link #start} connects anew. */
        void cancel();
    }
}
