package dev.starling.bench.xds;

import com.google.protobuf.Any;
import com.google.protobuf.Duration;
import com.google.protobuf.Message;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.core.v3.Address;
import io.envoyproxy.envoy.config.core.v3.AggregatedConfigSource;
import io.envoyproxy.envoy.config.core.v3.ApiVersion;
import io.envoyproxy.envoy.config.core.v3.ConfigSource;
import io.envoyproxy.envoy.config.core.v3.SocketAddress;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.envoyproxy.envoy.config.endpoint.v3.Endpoint;
import io.envoyproxy.envoy.config.endpoint.v3.LbEndpoint;
import io.envoyproxy.envoy.config.endpoint.v3.LocalityLbEndpoints;
import io.envoyproxy.envoy.extensions.upstreams.http.v3.HttpProtocolOptions;
import io.envoyproxy.envoy.extensions.upstreams.http.v3.HttpProtocolOptions.ExplicitHttpConfig;
import java.util.stream.Stream;

/** Clusters and endpoints as the proxies are told of them. */
final class Content {

    static final String CLUSTERS = typeUrl(Cluster.getDefaultInstance());
    static final String ASSIGNMENTS = typeUrl(ClusterLoadAssignment.getDefaultInstance());
    static final String ENDPOINTS = typeUrl(LbEndpoint.getDefaultInstance());

    /** The only cluster that is asked for anything. */
    static final String ASKED = name(0);

    private static final int CONNECT_SECONDS = 5;
    private static final int MICROS_PER_SECOND = 1_000_000;
    private static final int NANOS_PER_MICRO = 1_000;

    private Content() {}

    static String typeUrl(Message message) {
        return "type.googleapis.com/" + message.getDescriptorForType().getFullName();
    }

    static String name(int cluster) {
        return "cluster-" + cluster;
    }

    /** Told by its number from the same cluster before: it is in the connect timeout, in microseconds beside five seconds. */
    static Cluster cluster(String name, int number) {
        return Cluster.newBuilder()
                .setName(name)
                .setType(Cluster.DiscoveryType.EDS)
                .setConnectTimeout(
                        Duration.newBuilder().setSeconds(CONNECT_SECONDS).setNanos(number * NANOS_PER_MICRO))
                .setEdsClusterConfig(Cluster.EdsClusterConfig.newBuilder().setEdsConfig(source()))
                .build();
    }

    static int number(Cluster cluster) {
        Duration timeout = cluster.getConnectTimeout();
        return (int)
                ((timeout.getSeconds() - CONNECT_SECONDS) * MICROS_PER_SECOND + timeout.getNanos() / NANOS_PER_MICRO);
    }

    /** A connection for each request: with so many endpoints that take turns none would see a second. */
    static Cluster withoutReuse(Cluster cluster) {
        var http1 = ExplicitHttpConfig.newBuilder()
                .setHttpProtocolOptions(io.envoyproxy.envoy.config.core.v3.Http1ProtocolOptions.getDefaultInstance());
        var options = HttpProtocolOptions.newBuilder().setExplicitHttpConfig(http1);
        options.getCommonHttpProtocolOptionsBuilder()
                .getMaxRequestsPerConnectionBuilder()
                .setValue(1);
        return cluster.toBuilder()
                .putTypedExtensionProtocolOptions(
                        "envoy.extensions.upstreams.http.v3.HttpProtocolOptions", Any.pack(options.build()))
                .build();
    }

    /** No time limit: what is measured is when everything is there. */
    static ConfigSource source() {
        return ConfigSource.newBuilder()
                .setAds(AggregatedConfigSource.getDefaultInstance())
                .setResourceApiVersion(ApiVersion.V3)
                .setInitialFetchTimeout(Duration.getDefaultInstance())
                .build();
    }

    static LbEndpoint endpoint(String host, int port) {
        var address = SocketAddress.newBuilder().setAddress(host).setPortValue(port);
        return LbEndpoint.newBuilder()
                .setEndpoint(
                        Endpoint.newBuilder().setAddress(Address.newBuilder().setSocketAddress(address)))
                .build();
    }

    static ClusterLoadAssignment assignment(String cluster, Stream<LbEndpoint> endpoints) {
        var locality = LocalityLbEndpoints.newBuilder();
        endpoints.forEach(locality::addLbEndpoints);
        return ClusterLoadAssignment.newBuilder()
                .setClusterName(cluster)
                .addEndpoints(locality)
                .build();
    }
}
