package dev.starling.healthcheck.active;

/** Why an endpoint failed, as {@code envoy.data.core.v3.HealthCheckFailureType} names it. */
public enum FailureType {
    /** The endpoint answered a check, and wrongly. */
    ACTIVE,
    /** The endpoint asked, in an answer to a request, to be taken out. */
    PASSIVE,
    NETWORK,
    NETWORK_TIMEOUT
}
