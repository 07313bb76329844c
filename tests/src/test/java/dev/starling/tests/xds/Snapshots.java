package dev.starling.tests.xds;

import com.google.protobuf.Any;
import com.google.protobuf.Duration;
import com.google.protobuf.Message;
import io.envoyproxy.controlplane.cache.v3.Snapshot;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.core.v3.Address;
import io.envoyproxy.envoy.config.core.v3.AggregatedConfigSource;
import io.envoyproxy.envoy.config.core.v3.ApiConfigSource;
import io.envoyproxy.envoy.config.core.v3.ApiVersion;
import io.envoyproxy.envoy.config.core.v3.ConfigSource;
import io.envoyproxy.envoy.config.core.v3.GrpcService;
import io.envoyproxy.envoy.config.core.v3.SocketAddress;
import io.envoyproxy.envoy.config.core.v3.TransportSocket;
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
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.CertificateValidationContext;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.CommonTlsContext;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.CommonTlsContext.CombinedCertificateValidationContext;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.SdsSecretConfig;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.Secret;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.SubjectAltNameMatcher;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext;
import io.envoyproxy.envoy.type.matcher.v3.StringMatcher;
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

    public static Snapshot of(
            String version,
            List<Cluster> clusters,
            List<ClusterLoadAssignment> endpoints,
            List<Listener> listeners,
            List<RouteConfiguration> routes) {
        return Snapshot.create(clusters, endpoints, listeners, routes, List.of(), version);
    }

    /** From a secured listener to a secured upstream: all four secrets come from where the rest does. */
    Snapshot secured(String version, int upstreamPort, List<Secret> secrets) {
        Cluster cluster = cluster("upstream").toBuilder()
                .setTransportSocket(socket(UpstreamTlsContext.newBuilder()
                        .setCommonTlsContext(CommonTlsContext.newBuilder()
                                .addTlsCertificateSdsSecretConfigs(secret("client"))
                                .setCombinedValidationContext(CombinedCertificateValidationContext.newBuilder()
                                        .setDefaultValidationContext(CertificateValidationContext.newBuilder()
                                                .addMatchTypedSubjectAltNames(SubjectAltNameMatcher.newBuilder()
                                                        .setSanType(SubjectAltNameMatcher.SanType.DNS)
                                                        .setMatcher(StringMatcher.newBuilder()
                                                                .setExact("upstream.example.com"))))
                                        .setValidationContextSdsSecretConfig(secret("authority"))))
                        .build()))
                .build();
        Listener listener = listener("in", 0, "routes");
        Listener secured = listener.toBuilder()
                .setFilterChains(
                        0,
                        listener.getFilterChains(0).toBuilder()
                                .setTransportSocket(socket(DownstreamTlsContext.newBuilder()
                                        .setSessionTicketKeysSdsSecretConfig(secret("tickets"))
                                        .setCommonTlsContext(CommonTlsContext.newBuilder()
                                                .addTlsCertificateSdsSecretConfigs(secret("server")))
                                        .build())))
                .build();
        return Snapshot.create(
                List.of(cluster),
                List.of(endpoints("upstream", upstreamPort)),
                List.of(secured),
                List.of(routes("routes", "upstream")),
                secrets,
                version);
    }

    private static TransportSocket socket(Message context) {
        return TransportSocket.newBuilder()
                .setName("tls")
                .setTypedConfig(Any.pack(context))
                .build();
    }

    private SdsSecretConfig secret(String name) {
        return SdsSecretConfig.newBuilder().setName(name).setSdsConfig(source).build();
    }

    public Cluster cluster(String name) {
        return Cluster.newBuilder()
                .setName(name)
                .setConnectTimeout(Duration.newBuilder().setSeconds(5))
                .setType(Cluster.DiscoveryType.EDS)
                .setEdsClusterConfig(Cluster.EdsClusterConfig.newBuilder().setEdsConfig(source))
                .build();
    }

    public static ClusterLoadAssignment endpoints(String cluster, int... ports) {
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

    public Listener listener(String name, int port, String routes) {
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

    public static RouteConfiguration routes(String name, String cluster) {
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
