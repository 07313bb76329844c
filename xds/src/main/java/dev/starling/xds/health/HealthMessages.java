package dev.starling.xds.health;

import dev.starling.config.Address;
import dev.starling.xds.health.HealthChecking.ClusterHealth;
import dev.starling.xds.health.HealthChecking.LocalityHealth;
import io.envoyproxy.envoy.config.core.v3.HealthStatus;
import io.envoyproxy.envoy.config.core.v3.Locality;
import io.envoyproxy.envoy.config.core.v3.Node;
import io.envoyproxy.envoy.config.core.v3.Pipe;
import io.envoyproxy.envoy.config.core.v3.SocketAddress;
import io.envoyproxy.envoy.config.endpoint.v3.Endpoint;
import io.envoyproxy.envoy.service.health.v3.Capability;
import io.envoyproxy.envoy.service.health.v3.ClusterEndpointsHealth;
import io.envoyproxy.envoy.service.health.v3.EndpointHealth;
import io.envoyproxy.envoy.service.health.v3.EndpointHealthResponse;
import io.envoyproxy.envoy.service.health.v3.HealthCheckRequest;
import io.envoyproxy.envoy.service.health.v3.HealthCheckRequestOrEndpointHealthResponse;
import io.envoyproxy.envoy.service.health.v3.LocalityEndpointsHealth;
import java.util.List;

/** What a health discovery service is sent, as Envoy fills it. */
final class HealthMessages {

    private HealthMessages() {}

    /** The first of a stream. That gRPC can be checked too the protocol has no word for. */
    static HealthCheckRequestOrEndpointHealthResponse request(Node node) {
        return HealthCheckRequestOrEndpointHealthResponse.newBuilder()
                .setHealthCheckRequest(HealthCheckRequest.newBuilder()
                        .setNode(node)
                        .setCapability(Capability.newBuilder()
                                .addHealthCheckProtocols(Capability.Protocol.HTTP)
                                .addHealthCheckProtocols(Capability.Protocol.TCP)))
                .build();
    }

    /** Each endpoint is in it twice: in its cluster, and in the list that came before clusters. */
    @SuppressWarnings("deprecation")
    static HealthCheckRequestOrEndpointHealthResponse report(List<ClusterHealth> clusters) {
        EndpointHealthResponse.Builder response = EndpointHealthResponse.newBuilder();
        for (ClusterHealth cluster : clusters) {
            ClusterEndpointsHealth.Builder told =
                    ClusterEndpointsHealth.newBuilder().setClusterName(cluster.cluster());
            for (LocalityHealth locality : cluster.localities()) {
                LocalityEndpointsHealth group = message(locality);
                told.addLocalityEndpointsHealth(group);
                response.addAllEndpointsHealth(group.getEndpointsHealthList());
            }
            response.addClusterEndpointsHealth(told);
        }
        return HealthCheckRequestOrEndpointHealthResponse.newBuilder()
                .setEndpointHealthResponse(response)
                .build();
    }

    private static LocalityEndpointsHealth message(LocalityHealth locality) {
        LocalityEndpointsHealth.Builder message = LocalityEndpointsHealth.newBuilder()
                .setLocality(Locality.newBuilder()
                        .setRegion(locality.locality().region())
                        .setZone(locality.locality().zone())
                        .setSubZone(locality.locality().subZone()));
        locality.endpoints()
                .forEach(endpoint -> message.addEndpointsHealth(EndpointHealth.newBuilder()
                        .setEndpoint(Endpoint.newBuilder().setAddress(message(endpoint.address())))
                        .setHealthStatus(
                                switch (endpoint.status()) {
                                    case HEALTHY -> HealthStatus.HEALTHY;
                                    case UNHEALTHY -> HealthStatus.UNHEALTHY;
                                    case TIMEOUT -> HealthStatus.TIMEOUT;
                                })));
        return message.build();
    }

    private static io.envoyproxy.envoy.config.core.v3.Address message(Address address) {
        io.envoyproxy.envoy.config.core.v3.Address.Builder message =
                io.envoyproxy.envoy.config.core.v3.Address.newBuilder();
        switch (address) {
            case Address.Socket(var host, var port, var _) ->
                message.setSocketAddress(
                        SocketAddress.newBuilder().setAddress(host).setPortValue(port));
            case Address.Udp(var host, var port) ->
                message.setSocketAddress(SocketAddress.newBuilder()
                        .setProtocol(SocketAddress.Protocol.UDP)
                        .setAddress(host)
                        .setPortValue(port));
            case Address.Pipe(var path, var _) ->
                message.setPipe(Pipe.newBuilder().setPath(path));
        }
        return message.build();
    }
}
