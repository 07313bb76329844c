package dev.starling.tests.xds;

import com.google.protobuf.Struct;
import com.google.protobuf.UInt32Value;
import com.google.protobuf.Value;
import com.google.protobuf.util.Durations;
import io.envoyproxy.envoy.config.core.v3.Address;
import io.envoyproxy.envoy.config.core.v3.HealthCheck;
import io.envoyproxy.envoy.config.core.v3.HealthCheck.GrpcHealthCheck;
import io.envoyproxy.envoy.config.core.v3.HealthCheck.HttpHealthCheck;
import io.envoyproxy.envoy.config.core.v3.HealthCheck.TcpHealthCheck;
import io.envoyproxy.envoy.config.core.v3.Locality;
import io.envoyproxy.envoy.config.core.v3.SocketAddress;
import io.envoyproxy.envoy.config.endpoint.v3.Endpoint;
import io.envoyproxy.envoy.service.health.v3.ClusterEndpointsHealth;
import io.envoyproxy.envoy.service.health.v3.ClusterHealthCheck;
import io.envoyproxy.envoy.service.health.v3.EndpointHealth;
import io.envoyproxy.envoy.service.health.v3.EndpointHealthResponse;
import io.envoyproxy.envoy.service.health.v3.HealthCheckSpecifier;
import io.envoyproxy.envoy.service.health.v3.LocalityEndpoints;
import java.util.List;

/** What a health discovery service says and is told, in few words. */
public final class HealthSpecifiers {

    private HealthSpecifiers() {}

    /** Reports are to come each 100 ms. */
    public static HealthCheckSpecifier specifier(ClusterHealthCheck... clusters) {
        return HealthCheckSpecifier.newBuilder()
                .addAllClusterHealthChecks(List.of(clusters))
                .setInterval(Durations.fromMillis(100))
                .build();
    }

    public static ClusterHealthCheck cluster(String name, HealthCheck check, LocalityEndpoints... localities) {
        return ClusterHealthCheck.newBuilder()
                .setClusterName(name)
                .addHealthChecks(check)
                .addAllLocalityEndpoints(List.of(localities))
                .build();
    }

    /** Endpoints of a zone on these ports. */
    public static LocalityEndpoints zone(String zone, int... ports) {
        var locality = LocalityEndpoints.newBuilder()
                .setLocality(Locality.newBuilder().setRegion("r").setZone(zone));
        for (int port : ports) {
            locality.addEndpoints(endpoint("127.0.0.1", port));
        }
        return locality.build();
    }

    public static Endpoint.Builder endpoint(String host, int port) {
        return Endpoint.newBuilder()
                .setAddress(Address.newBuilder()
                        .setSocketAddress(
                                SocketAddress.newBuilder().setAddress(host).setPortValue(port)));
    }

    /** One pass or failure is enough, time there is plenty, and the next check comes in an hour. */
    public static HealthCheck.Builder once() {
        var never = Durations.fromHours(1);
        return HealthCheck.newBuilder()
                .setTimeout(Durations.fromSeconds(10))
                .setInterval(never)
                .setNoTrafficInterval(never)
                .setHealthyThreshold(UInt32Value.of(1))
                .setUnhealthyThreshold(UInt32Value.of(1));
    }

    /** The same each 100 ms. */
    public static HealthCheck.Builder often() {
        var soon = Durations.fromMillis(100);
        return once().setInterval(soon).setNoTrafficInterval(soon);
    }

    public static HealthCheck http(HealthCheck.Builder when, String path) {
        return when.setHttpHealthCheck(HttpHealthCheck.newBuilder().setPath(path))
                .build();
    }

    /**
     * @param send in hex, or empty
     * @param receive in hex
     */
    public static HealthCheck tcp(HealthCheck.Builder when, String send, String... receive) {
        var check = TcpHealthCheck.newBuilder();
        if (!send.isEmpty()) {
            check.getSendBuilder().setText(send);
        }
        for (String block : receive) {
            check.addReceiveBuilder().setText(block);
        }
        return when.setTcpHealthCheck(check).build();
    }

    public static HealthCheck grpc(HealthCheck.Builder when, String service) {
        return when.setGrpcHealthCheck(GrpcHealthCheck.newBuilder().setServiceName(service))
                .build();
    }

    public static Struct struct(String key, String value) {
        return Struct.newBuilder()
                .putFields(key, Value.newBuilder().setStringValue(value).build())
                .build();
    }

    /** Such as {@code shop{r/a: 1234=HEALTHY} | 1234=HEALTHY}: the clusters, and then the list without them. */
    @SuppressWarnings("deprecation")
    public static String text(EndpointHealthResponse report) {
        var text = new StringBuilder();
        for (ClusterEndpointsHealth cluster : report.getClusterEndpointsHealthList()) {
            text.append(cluster.getClusterName()).append('{');
            cluster.getLocalityEndpointsHealthList().forEach(locality -> {
                text.append(locality.getLocality().getRegion())
                        .append('/')
                        .append(locality.getLocality().getZone())
                        .append(':');
                locality.getEndpointsHealthList().forEach(endpoint -> append(text, endpoint));
                text.append("; ");
            });
            text.append("} ");
        }
        text.append('|');
        report.getEndpointsHealthList().forEach(endpoint -> append(text, endpoint));
        return text.toString();
    }

    private static void append(StringBuilder text, EndpointHealth endpoint) {
        SocketAddress address = endpoint.getEndpoint().getAddress().getSocketAddress();
        text.append(' ')
                .append(address.getAddress())
                .append(':')
                .append(address.getPortValue())
                .append('=')
                .append(endpoint.getHealthStatus());
    }
}
