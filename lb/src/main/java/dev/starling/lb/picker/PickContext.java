package dev.starling.lb.picker;

import dev.starling.lb.Endpoint;

/**
 * What the request being balanced asks of a pick. An exchange may be its own context, so that a pick allocates nothing.
 */
public interface PickContext {

    /** A request that takes any endpoint. */
    PickContext ANY = new PickContext() {};

    /** How often to pick at most while endpoints are rejected; the last picked is used though it was rejected. */
    default int attempts() {
        return 1;
    }

    /** Whether another endpoint is wanted, for instance because this one has failed the request before. */
    default boolean rejects(Endpoint endpoint) {
        return false;
    }
}
