package dev.starling.config.endpoint;

import dev.starling.config.Locality;
import java.util.List;

/**
 * The endpoints of one locality at one priority.
 *
 * @param weight 0 where unset: no locality-weighted traffic
 * @param priority from 0, lower is preferred
 */
public record LocalityEndpoints(Locality locality, int priority, int weight, List<EndpointConfig> endpoints) {

    public LocalityEndpoints {
        endpoints = List.copyOf(endpoints);
    }
}
