package dev.starling.config.proto.endpoint;

import dev.starling.config.Metadata;
import dev.starling.config.endpoint.EndpointConfig;
import dev.starling.config.endpoint.EndpointConfig.HealthCheckOverride;
import dev.starling.config.endpoint.EndpointConfig.HealthStatus;
import dev.starling.config.proto.ValidationContext;
import dev.starling.config.proto.core.AddressReader;
import dev.starling.config.proto.core.Elements;
import dev.starling.config.proto.core.MetadataReader;
import dev.starling.config.proto.core.Uint32Reader;
import io.envoyproxy.envoy.config.endpoint.v3.Endpoint;
import io.envoyproxy.envoy.config.endpoint.v3.LbEndpoint;
import org.jspecify.annotations.Nullable;

/** Reads {@code envoy.config.endpoint.v3.LbEndpoint}. */
public final class EndpointReader {

    private final AddressReader addresses;

    public EndpointReader(AddressReader addresses) {
        this.addresses = addresses;
    }

    /** Null after a problem. */
    public @Nullable EndpointConfig read(LbEndpoint message, ValidationContext context) {
        var endpoint = read(message.getEndpoint(), context.field("endpoint"));
        int weight = Uint32Reader.clampedOr(1, message.hasLoadBalancingWeight(), message.getLoadBalancingWeight());
        if (weight < 1) {
            context.field("load_balancing_weight").problem("must be at least 1");
        }
        if (endpoint == null || weight < 1) {
            return null;
        }
        return new EndpointConfig(
                endpoint.address(),
                endpoint.additionalAddresses(),
                endpoint.hostname(),
                health(message, context),
                weight,
                MetadataReader.read(message.getMetadata()),
                endpoint.healthCheck());
    }

    /** One of which no more is said. Null after a problem. */
    public @Nullable EndpointConfig read(Endpoint message, ValidationContext context) {
        var address = addresses.read(message.getAddress(), context.field("address"));
        var additional = Elements.read(
                message.getAdditionalAddressesList(),
                context,
                "additional_addresses",
                (each, there) -> addresses.read(each.getAddress(), there.field("address")));
        return address == null
                ? null
                : new EndpointConfig(
                        address,
                        additional,
                        message.getHostname(),
                        HealthStatus.UNKNOWN,
                        1,
                        Metadata.NONE,
                        healthCheck(message.getHealthCheckConfig(), context.field("health_check_config")));
    }

    private static HealthStatus health(LbEndpoint message, ValidationContext context) {
        return switch (message.getHealthStatus()) {
            case UNKNOWN -> HealthStatus.UNKNOWN;
            case HEALTHY -> HealthStatus.HEALTHY;
            case UNHEALTHY -> HealthStatus.UNHEALTHY;
            case DRAINING -> HealthStatus.DRAINING;
            case TIMEOUT -> HealthStatus.TIMEOUT;
            case DEGRADED -> HealthStatus.DEGRADED;
            case UNRECOGNIZED -> {
                context.field("health_status").problem("unknown value " + message.getHealthStatusValue());
                yield HealthStatus.UNKNOWN;
            }
        };
    }

    private static HealthCheckOverride healthCheck(Endpoint.HealthCheckConfig message, ValidationContext context) {
        if (message.hasAddress()) {
            context.field("address").unsupported("another address for health checks is not supported yet");
        }
        var override = new HealthCheckOverride(
                message.getPortValue(), message.getHostname(), message.getDisableActiveHealthCheck());
        return override.equals(HealthCheckOverride.NONE)
                ? HealthCheckOverride.NONE
                : override; // mostly, and kept for each
    }
}
