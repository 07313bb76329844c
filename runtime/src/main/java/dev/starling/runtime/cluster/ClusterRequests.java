package dev.starling.runtime.cluster;

import dev.starling.config.discovery.OnDemandClusters;

/** Asks control planes for clusters that are not there. Any thread. */
@FunctionalInterface
public interface ClusterRequests {

    /** @param answered run when the cluster is in service, or it is known that it will not be for now */
    Request ask(String name, OnDemandClusters where, Runnable answered);

    /** One who waits. */
    @FunctionalInterface
    interface Request {

        /** Waits no longer, or has been answered. */
        void end();
    }
}
