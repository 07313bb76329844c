package dev.starling.tests.xds;

import com.google.protobuf.Any;
import com.google.protobuf.Duration;
import io.envoyproxy.controlplane.cache.v3.Snapshot;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.core.v3.Address;
import io.envoyproxy.envoy.config.core.v3.AggregatedConfigSource;
import io.envoyproxy.envoy.config.core.v3.ApiConfigSource;
import io.envoyproxy.envoy.config.core.v3.ApiVersion;
import io.envoyproxy.envoy.config.core.v3.ConfigSource;
import io.envoyproxy.envoy.config.core.v3.GrpcService;
import io.envoyproxy.envoy.config.core.v3.SocketAddress;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.envoyproxy.envoy.config.listener.v3.Filter;
import io.envoyproxy.envoy.config.listener.v3.FilterChain;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.config.route.v3.RouteAction;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.config.route.v3.RouteMatch;
import io.envoyproxy.envoy.config.route.v3.VirtualHost;
import io.envoyproxy.envoy.extensions.filters.http.router.v3.Router;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpFilter;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.Rds;
import java.util.List;

/** Resources that lead from one listener to one upstream. */
public final class Snapshots {

    private final ConfigSource source;

    private Snapshots(ConfigSource source) {
        this.source = source;
    }

    public static Snapshots aggregated() {
        return new Snapshots(ConfigSource.newBuilder()
                .setAds(AggregatedConfigSource.getDefaultInstance())
                .setResourceApiVersion(ApiVersion.V3)
                .build());
    }

    static Snapshots separate(ApiConfigSource.ApiType type) {
        return new Snapshots(ConfigSource.newBuilder()
                .setApiConfigSource(ApiConfigSource.newBuilder()
                        .setApiType(type)
                        .setTransportApiVersion(ApiVersion.V3)
                        .addGrpcServices(GrpcService.newBuilder()
                                .setEnvoyGrpc(GrpcService.EnvoyGrpc.newBuilder().setClusterName("plane"))))
                .setResourceApiVersion(ApiVersion.V3)
                .build());
    }

    /** @param api of the type {@code REST} but for that word */
    static Snapshots polled(ApiConfigSource.Builder api) {
        return new Snapshots(ConfigSource.newBuilder()
                .setApiConfigSource(api.setApiType(ApiConfigSource.ApiType.REST).setTransportApiVersion(ApiVersion.V3))
                .setResourceApiVersion(ApiVersion.V3)
                .build());
    }

    public Snapshot all(String version, int upstreamPort) {
        return of(
                version,
                List.of(cluster("upstream")),
                List.of(endpoints("upstream", upstreamPort)),
                List.of(listener("in", 0, "routes")),
                List.of(routes("routes", "upstream")));
    }

    static Snapshot of(
            String version,
            List<Cluster> clusters,
            List<ClusterLoadAssignment> endpoints,
            List<Listener> listeners,
            List<RouteConfiguration> routes) {
        return Snapshot.create(clusters, endpoints, listeners, routes, List.of(), version);
    }

    Cluster cluster(String name) {
        return Cluster.newBuilder()
                .setName(name)
                .setConnectTimeout(Duration.newBuilder().setSeconds(5))
                .setType(Cluster.DiscoveryType.EDS)
                .setEdsClusterConfig(Cluster.EdsClusterConfig.newBuilder().setEdsConfig(source))
                .build();
    }

    static ClusterLoadAssignment endpoints(String cluster, int... ports) {
        var assignment = ClusterLoadAssignment.newBuilder().setClusterName(cluster);
        for (int port : ports) {
            assignment
                    .addEndpointsBuilder()
                    .addLbEndpointsBuilder()
                    .getEndpointBuilder()
                    .setAddress(loopback(port));
        }
        return assignment.build();
    }

    private static Address loopback(int port) {
        return Address.newBuilder()
                .setSocketAddress(
                        SocketAddress.newBuilder().setAddress("127.0.0.1").setPortValue(port))
                .build();
    }

    Listener listener(String name, int port, String routes) {
        var manager = HttpConnectionManager.newBuilder()
                .setStatPrefix("http")
                .setRds(Rds.newBuilder().setRouteConfigName(routes).setConfigSource(source))
                .addHttpFilters(HttpFilter.newBuilder()
                        .setName("http-router")
                        .setTypedConfig(Any.pack(Router.getDefaultInstance())))
                .build();
        return Listener.newBuilder()
                .setName(name)
                .setAddress(loopback(port))
                .addFilterChains(FilterChain.newBuilder()
                        .addFilters(Filter.newBuilder().setName("http").setTypedConfig(Any.pack(manager))))
                .build();
    }

    static RouteConfiguration routes(String name, String cluster) {
        return RouteConfiguration.newBuilder()
                .setName(name)
                .addVirtualHosts(VirtualHost.newBuilder()
                        .setName("all")
                        .addDomains("*")
                        .addRoutes(Route.newBuilder()
                                .setMatch(RouteMatch.newBuilder().setPrefix("/"))
                                .setRoute(RouteAction.newBuilder()
                                        .setCluster(cluster)
                                        .setTimeout(Duration.newBuilder().setSeconds(5)))))
                .build();
    }
}
