package dev.starling.config.cluster;

import java.time.Duration;
import java.util.List;

/**
 * {@code envoy.service.health.v3.HealthCheckSpecifier}, validated: what a health discovery service has us check.
 *
 * @param clusters with static endpoints, each checked in all the ways that its cluster names; a name comes once, the empty
 *     one any number of times
 * @param interval from one report to the next
 */
public record HealthCheckSpecifier(List<Cluster> clusters, Duration interval) {

    public HealthCheckSpecifier {
        clusters = List.copyOf(clusters);
    }
}
