package dev.starling.config.endpoint;

import dev.starling.config.Locality;
import java.util.List;
import java.util.Optional;

/**
 * The endpoints of one locality at one priority.
 *
 * @param weight 0 where unset: no locality-weighted traffic
 * @param priority from 0, lower is preferred
 * @param collection present: its members are the endpoints
 */
public record LocalityEndpoints(
        Locality locality,
        int priority,
        int weight,
        List<EndpointConfig> endpoints,
        Optional<EndpointCollection> collection) {

    public LocalityEndpoints {
        endpoints = List.copyOf(endpoints);
    }

    /** With the members of its collection. */
    public LocalityEndpoints with(List<EndpointConfig> members) {
        return new LocalityEndpoints(locality, priority, weight, members, collection);
    }
}
