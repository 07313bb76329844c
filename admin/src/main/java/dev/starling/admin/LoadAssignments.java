package dev.starling.admin;

import com.google.protobuf.ListValue;
import com.google.protobuf.Struct;
import com.google.protobuf.UInt32Value;
import com.google.protobuf.Value;
import dev.starling.config.Locality;
import dev.starling.lb.Endpoint;
import dev.starling.lb.EndpointSet;
import dev.starling.lb.HealthFlag;
import io.envoyproxy.envoy.config.core.v3.Address;
import io.envoyproxy.envoy.config.core.v3.HealthStatus;
import io.envoyproxy.envoy.config.core.v3.SocketAddress;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.envoyproxy.envoy.config.endpoint.v3.Endpoint.HealthCheckConfig;
import io.envoyproxy.envoy.config.endpoint.v3.LbEndpoint;
import io.envoyproxy.envoy.config.endpoint.v3.LocalityLbEndpoints;
import java.net.InetSocketAddress;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The endpoints in service as the message that Envoy's dump has for them: resolved, and with their health of now. */
final class LoadAssignments {

    private LoadAssignments() {}

    private record Group(int priority, Locality locality) {}

    static ClusterLoadAssignment of(String cluster, EndpointSet endpoints) {
        Map<Group, LocalityLbEndpoints.Builder> groups = new LinkedHashMap<>();
        for (Endpoint endpoint : endpoints.endpoints()) {
            groups.computeIfAbsent(new Group(endpoint.priority(), endpoint.locality()), LoadAssignments::begin)
                    .addLbEndpoints(endpoint(endpoint));
        }
        ClusterLoadAssignment.Builder assignment =
                ClusterLoadAssignment.newBuilder().setClusterName(cluster);
        groups.values().forEach(assignment::addEndpoints);
        assignment.getPolicyBuilder().setOverprovisioningFactor(UInt32Value.of(endpoints.overprovisioningFactor()));
        return assignment.build();
    }

    private static LocalityLbEndpoints.Builder begin(Group group) {
        LocalityLbEndpoints.Builder endpoints = LocalityLbEndpoints.newBuilder()
                .setPriority(group.priority())
                .setLoadBalancingWeight(UInt32Value.of(0));
        endpoints
                .getLocalityBuilder()
                .setRegion(group.locality().region())
                .setZone(group.locality().zone())
                .setSubZone(group.locality().subZone());
        return endpoints;
    }

    private static LbEndpoint endpoint(Endpoint endpoint) {
        LbEndpoint.Builder made = LbEndpoint.newBuilder()
                .setHealthStatus(health(endpoint.state().healthFlags()))
                .setLoadBalancingWeight(UInt32Value.of(endpoint.weight()));
        endpoint.config()
                .metadata()
                .filterMetadata()
                .forEach((namespace, values) -> made.getMetadataBuilder()
                        .putFilterMetadata(namespace, struct(values).getStructValue()));
        made.getEndpointBuilder()
                .setAddress(address(endpoint))
                .setHealthCheckConfig(HealthCheckConfig.getDefaultInstance())
                .setHostname(endpoint.hostname());
        return made.build();
    }

    /** What {@link dev.starling.config.Metadata} holds, as protobuf has it. */
    private static Value struct(Object value) {
        Value.Builder made = Value.newBuilder();
        switch (value) {
            case Map<?, ?> map -> {
                Struct.Builder fields = made.getStructValueBuilder();
                map.forEach((name, content) -> fields.putFields(String.valueOf(name), struct(content)));
            }
            case List<?> list -> {
                ListValue.Builder elements = made.getListValueBuilder();
                list.forEach(element -> elements.addValues(struct(element)));
            }
            case Boolean truth -> made.setBoolValue(truth);
            case Number number -> made.setNumberValue(number.doubleValue());
            default -> made.setStringValue(value.toString());
        }
        return made.build();
    }

    private static HealthStatus health(int flags) {
        if (HealthFlag.healthy(flags)) {
            return HealthStatus.HEALTHY;
        }
        return HealthFlag.degraded(flags) ? HealthStatus.DEGRADED : HealthStatus.UNHEALTHY;
    }

    private static Address address(Endpoint endpoint) {
        Address.Builder address = Address.newBuilder();
        InetSocketAddress ip = endpoint.ipAddress();
        if (ip == null) {
            address.getPipeBuilder().setPath(endpoint.addressText());
        } else {
            address.setSocketAddress(SocketAddress.newBuilder()
                    .setAddress(host(endpoint.addressText()))
                    .setPortValue(ip.getPort()));
        }
        return address.build();
    }

    /** As {@code /clusters} spells it, without the brackets of IPv6. */
    private static String host(String addressText) {
        String host = addressText.substring(0, addressText.lastIndexOf(':'));
        return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    }
}
