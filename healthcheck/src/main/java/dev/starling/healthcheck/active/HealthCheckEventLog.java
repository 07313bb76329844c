package dev.starling.healthcheck.active;

import dev.starling.config.cluster.HealthCheck;
import dev.starling.lb.Endpoint;
import java.time.Instant;

/** Hears of every change of an endpoint's active health. Called from actors: must not block. */
@FunctionalInterface
public interface HealthCheckEventLog {

    HealthCheckEventLog NONE = entry -> {};

    void append(Entry entry);

    record Entry(String clusterName, Endpoint endpoint, HealthCheck check, Instant timestamp, HealthEvent event) {}
}
