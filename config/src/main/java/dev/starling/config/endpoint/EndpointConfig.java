package dev.starling.config.endpoint;

import dev.starling.config.Address;
import dev.starling.config.Metadata;
import java.util.List;

/**
 * {@code envoy.config.endpoint.v3.LbEndpoint}.
 *
 * @param hostname given by the control plane, or empty
 * @param weight from 1
 */
public record EndpointConfig(
        Address address,
        List<Address> additionalAddresses,
        String hostname,
        HealthStatus health,
        int weight,
        Metadata metadata,
        HealthCheckOverride healthCheck) {

    public EndpointConfig {
        additionalAddresses = List.copyOf(additionalAddresses);
        if (weight < 1) {
            throw new IllegalArgumentException("endpoint weight below 1: " + weight);
        }
    }

    public static EndpointConfig of(Address address) {
        return new EndpointConfig(
                address, List.of(), "", HealthStatus.UNKNOWN, 1, Metadata.NONE, HealthCheckOverride.NONE);
    }

    public EndpointConfig withWeight(int newWeight) {
        return new EndpointConfig(address, additionalAddresses, hostname, health, newWeight, metadata, healthCheck);
    }

    public EndpointConfig withAddress(Address newAddress) {
        return new EndpointConfig(newAddress, additionalAddresses, hostname, health, weight, metadata, healthCheck);
    }

    public EndpointConfig withHostname(String newHostname) {
        return new EndpointConfig(address, additionalAddresses, newHostname, health, weight, metadata, healthCheck);
    }

    /** What the control plane says of the endpoint. */
    public enum HealthStatus {
        UNKNOWN,
        HEALTHY,
        UNHEALTHY,
        DRAINING,
        TIMEOUT,
        DEGRADED
    }

    /**
     * {@code Endpoint.health_check_config}.
     *
     * @param port 0 for the endpoint's own
     * @param hostname empty for none
     */
    public record HealthCheckOverride(int port, String hostname, boolean disabled) {
        public static final HealthCheckOverride NONE = new HealthCheckOverride(0, "", false);
    }
}
