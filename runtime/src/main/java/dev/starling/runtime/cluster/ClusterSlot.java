package dev.starling.runtime.cluster;

import org.jspecify.annotations.Nullable;

/** The place where a cluster of this name is published. Routes hold the slot, so that they are bound once. */
public final class ClusterSlot {

    private final String name;
    private volatile @Nullable ClusterSnapshot current;

    ClusterSlot(String name) {
        this.name = name;
    }

    public String name() {
        return name;
    }

    /** Null while there is no such cluster or it is not warm: requests for it are answered as to an unknown cluster. */
    public @Nullable ClusterSnapshot current() {
        return current;
    }

    /** Publishes the next version; the caller then tells the loops. Only the cluster's actor calls this. */
    public void publish(@Nullable ClusterSnapshot snapshot) {
        current = snapshot;
    }
}
