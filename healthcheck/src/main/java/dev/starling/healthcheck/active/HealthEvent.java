package dev.starling.healthcheck.active;

/** What is worth a line in the health check event log; the alternatives of {@code envoy.data.core.v3.HealthCheckEvent}. */
public sealed interface HealthEvent {

    /** @param httpStatus 0 where there is none */
    record EjectUnhealthy(FailureType type, int httpStatus) implements HealthEvent {}

    record AddHealthy(boolean firstCheck) implements HealthEvent {}

    /** @param httpStatus 0 where there is none */
    record CheckFailure(FailureType type, boolean firstCheck, int httpStatus) implements HealthEvent {}

    record DegradedHealthyHost() implements HealthEvent {}

    record NoLongerDegradedHost() implements HealthEvent {}
}
