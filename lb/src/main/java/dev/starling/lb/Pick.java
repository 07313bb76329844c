package dev.starling.lb;

/** The balancing decision of one attempt. */
public sealed interface Pick permits Endpoint, Pick.NoEndpoint {

    /** Nothing to send to: the request is answered 503 with flag UH. */
    enum NoEndpoint implements Pick {
        NO_HEALTHY_UPSTREAM
    }
}
