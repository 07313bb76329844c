package dev.starling.config.cluster;

import dev.starling.config.Percent;
import java.time.Duration;

/** {@code envoy.config.cluster.v3.OutlierDetection}: what is detected now, and how ejection behaves. */
public record OutlierDetection(
        Consecutive consecutive5xx,
        Consecutive consecutiveGatewayFailure,
        Duration interval,
        Duration baseEjectionTime,
        Duration maxEjectionTime,
        Duration maxEjectionTimeJitter,
        Percent maxEjectionPercent,
        boolean alwaysEjectOneHost,
        boolean successfulActiveHealthCheckUnejects) {

    /**
     * @param threshold failures in a row that trigger; 0 never does
     * @param enforcing chance that a trigger ejects
     */
    public record Consecutive(int threshold, Percent enforcing) {}
}
