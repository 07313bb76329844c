package dev.starling.xds.resource;

import com.google.protobuf.Message;
import dev.starling.config.Extension;
import dev.starling.config.InvalidConfigException;
import dev.starling.config.bootstrap.RuntimeResource;
import dev.starling.config.cluster.Cluster;
import dev.starling.config.cluster.Cluster.Discovery.Eds;
import dev.starling.config.discovery.ConfigSource;
import dev.starling.config.endpoint.EndpointCollection;
import dev.starling.config.endpoint.EndpointConfig;
import dev.starling.config.endpoint.LoadAssignment;
import dev.starling.config.http.HttpConnectionManager;
import dev.starling.config.listener.FilterChain;
import dev.starling.config.listener.Listener;
import dev.starling.config.proto.ConfigLoader;
import dev.starling.config.proto.LoadedResource;
import dev.starling.config.proto.UnknownFields;
import dev.starling.config.route.RouteConfiguration;
import dev.starling.config.route.RouteSource.Rds;
import dev.starling.config.route.ScopedRoute;
import dev.starling.config.route.VirtualHost;
import dev.starling.config.tls.DownstreamSocket;
import dev.starling.config.tls.DownstreamTls;
import dev.starling.config.tls.QuicDownstream;
import dev.starling.config.tls.SdsSecret;
import dev.starling.config.tls.Secret;
import dev.starling.xds.resource.ResourceType.Methods;
import dev.starling.xds.resource.ResourceType.Scope;
import io.envoyproxy.envoy.config.core.v3.TypedExtensionConfig;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.envoyproxy.envoy.config.endpoint.v3.LbEndpoint;
import io.envoyproxy.envoy.config.route.v3.ScopedRouteConfiguration;
import io.envoyproxy.envoy.service.runtime.v3.Runtime;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The types that can be asked for, judged by the same readers as the bootstrap. */
public record ResourceTypes(
        ResourceType<Cluster> clusters,
        ResourceType<LoadAssignment> endpoints,
        ResourceType<EndpointConfig> localityEndpoints,
        ResourceType<Listener> listeners,
        ResourceType<RouteConfiguration> routes,
        ResourceType<RuntimeResource> runtime,
        ResourceType<ScopedRoute> scopes,
        ResourceType<VirtualHost> virtualHosts,
        ResourceType<Extension> extensions,
        ResourceType<Secret> secrets) {

    /**
     * @param fixedClusters of the bootstrap
     * @param unknownFields what becomes of them
     * @param knownClusters for routes that ask to be validated against the clusters
     * @param remarks told of each resource that was read: what was skipped or deserves a warning
     */
    public static ResourceTypes readBy(
            ConfigLoader loader,
            List<Cluster> fixedClusters,
            UnknownFields unknownFields,
            Predicate<String> knownClusters,
            Consumer<LoadedResource<?>> remarks) {
        ResourceType<EndpointConfig> localityEndpoints = named(
                LbEndpoint.getDefaultInstance(),
                Methods.of("endpoint.v3.LocalityEndpointDiscoveryService", "LocalityEndpoints"),
                _ -> "", // has no name inside
                message -> remarked(loader.readLocalityEndpoint(message, unknownFields), remarks));
        ResourceType<LoadAssignment> endpoints = ResourceType.of(
                ClusterLoadAssignment.getDefaultInstance(),
                Scope.NAMED,
                Methods.of("endpoint.v3.EndpointDiscoveryService", "Endpoints"),
                "",
                new AssignmentOpener(loader, unknownFields, remarks, AssignmentOpener.WORTH_COMPARING_BYTES),
                assignment -> collectionsOf(assignment, localityEndpoints));
        ResourceType<RouteConfiguration> routes = named(
                io.envoyproxy.envoy.config.route.v3.RouteConfiguration.getDefaultInstance(),
                Methods.of("route.v3.RouteDiscoveryService", "Routes"),
                io.envoyproxy.envoy.config.route.v3.RouteConfiguration::getName,
                message -> remarked(loader.readRouteConfiguration(message, unknownFields, knownClusters), remarks));
        ResourceType<Secret> secrets = named(
                io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.Secret.getDefaultInstance(),
                Methods.of("secret.v3.SecretDiscoveryService", "Secrets"),
                io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.Secret::getName,
                message -> remarked(loader.readSecret(message, unknownFields), remarks));
        return new ResourceTypes(
                ResourceType.of(
                                io.envoyproxy.envoy.config.cluster.v3.Cluster.getDefaultInstance(),
                                Scope.WHOLE,
                                Methods.of("cluster.v3.ClusterDiscoveryService", "Clusters"),
                                "Error adding/updating cluster(s) ",
                                io.envoyproxy.envoy.config.cluster.v3.Cluster::getName,
                                message -> remarked(loader.readCluster(message, unknownFields), remarks),
                                cluster -> joined(endpointsOf(cluster, endpoints), secretsOf(cluster, secrets)))
                        .with(new ClusterCoherence(fixedClusters)),
                endpoints,
                localityEndpoints,
                ResourceType.of(
                        io.envoyproxy.envoy.config.listener.v3.Listener.getDefaultInstance(),
                        Scope.WHOLE,
                        Methods.of("listener.v3.ListenerDiscoveryService", "Listeners"),
                        "Error adding/updating listener(s) ",
                        io.envoyproxy.envoy.config.listener.v3.Listener::getName,
                        message -> remarked(loader.readListener(message, unknownFields, knownClusters), remarks),
                        listener -> joined(routesOf(listener, routes), secretsOf(listener, secrets))),
                routes,
                named(
                        Runtime.getDefaultInstance(),
                        Methods.of("runtime.v3.RuntimeDiscoveryService", "Runtime"),
                        Runtime::getName,
                        message -> remarked(loader.readRuntime(message, unknownFields), remarks)),
                ResourceType.of(
                        ScopedRouteConfiguration.getDefaultInstance(),
                        Scope.WHOLE,
                        Methods.of("route.v3.ScopedRoutesDiscoveryService", "ScopedRoutes"),
                        "Error adding/updating scoped route(s) ",
                        ScopedRouteConfiguration::getName,
                        message -> remarked(loader.readScopedRoute(message, unknownFields, knownClusters), remarks),
                        _ -> List.of()),
                // Named by what it belongs to and the host that it was asked for by, not by its own name.
                named(
                        io.envoyproxy.envoy.config.route.v3.VirtualHost.getDefaultInstance(),
                        Methods.of("route.v3.VirtualHostDiscoveryService", "VirtualHosts"),
                        _ -> "",
                        message -> remarked(loader.readVirtualHost(message, unknownFields), remarks)),
                named(
                        TypedExtensionConfig.getDefaultInstance(),
                        Methods.of("extension.v3.ExtensionConfigDiscoveryService", "ExtensionConfigs"),
                        TypedExtensionConfig::getName,
                        message -> remarked(loader.readExtension(message, unknownFields), remarks)),
                secrets);
    }

    /** One that is asked for by name, and refers to nothing. */
    private static <M extends Message, R> ResourceType<R> named(
            M empty, Methods methods, Function<M, String> name, ResourceType.Reader<M, R> reader) {
        return ResourceType.of(empty, Scope.NAMED, methods, "", name, reader, _ -> List.of());
    }

    private static <R> R remarked(LoadedResource<R> loaded, Consumer<LoadedResource<?>> remarks)
            throws InvalidConfigException {
        remarks.accept(loaded);
        return loaded.resource();
    }

    private static List<Reference> endpointsOf(Cluster cluster, ResourceType<?> type) {
        return cluster.discovery() instanceof Eds(var name, ConfigSource.Ads _)
                ? List.of(new Reference(type.typeUrl(), ResourceName.canonical(name)))
                : List.of();
    }

    private static List<Reference> collectionsOf(LoadAssignment assignment, ResourceType<?> type) {
        List<EndpointCollection> collections = assignment.collections();
        return collections.isEmpty()
                ? List.of()
                : collections.stream()
                        .filter(collection -> collection.source() instanceof ConfigSource.Ads)
                        .map(collection -> new Reference(type.typeUrl(), ResourceName.canonical(collection.name())))
                        .distinct()
                        .toList();
    }

    private static List<Reference> routesOf(Listener listener, ResourceType<?> type) {
        return chains(listener)
                .map(FilterChain::filters)
                .flatMap(List::stream)
                .flatMap(filter -> filter.config() instanceof HttpConnectionManager manager
                                && manager.routes() instanceof Rds(var name, ConfigSource.Ads _)
                        ? Stream.of(new Reference(type.typeUrl(), ResourceName.canonical(name)))
                        : Stream.empty())
                .distinct()
                .toList();
    }

    private static Stream<FilterChain> chains(Listener listener) {
        return Stream.concat(listener.filterChains().stream(), listener.defaultFilterChain().stream());
    }

    private static List<Reference> secretsOf(Listener listener, ResourceType<?> type) {
        return references(
                chains(listener).flatMap(chain -> switch (chain.transportSocket()) {
                    case DownstreamSocket.Raw _ -> Stream.empty();
                    case DownstreamTls tls -> tls.secrets();
                    case QuicDownstream(var inside) -> inside.secrets();
                }),
                type);
    }

    private static List<Reference> secretsOf(Cluster cluster, ResourceType<?> type) {
        return references(cluster.transportSockets().secrets(), type);
    }

    private static List<Reference> references(Stream<SdsSecret> secrets, ResourceType<?> type) {
        return secrets.filter(secret -> secret.source() instanceof ConfigSource.Ads)
                .map(secret -> new Reference(type.typeUrl(), ResourceName.canonical(secret.name())))
                .distinct()
                .toList();
    }

    private static List<Reference> joined(List<Reference> some, List<Reference> others) {
        return Stream.concat(some.stream(), others.stream()).toList();
    }

    public Map<String, ResourceType<?>> byTypeUrl() {
        return Stream.<ResourceType<?>>of(
                        clusters,
                        endpoints,
                        localityEndpoints,
                        listeners,
                        routes,
                        runtime,
                        scopes,
                        virtualHosts,
                        extensions,
                        secrets)
                .collect(Collectors.toMap(ResourceType::typeUrl, Function.identity()));
    }
}
