package dev.starling.admin;

import com.google.protobuf.Any;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Message;
import com.google.protobuf.Timestamp;
import dev.starling.config.Extension;
import dev.starling.config.cluster.Cluster.Discovery;
import dev.starling.config.proto.TypedConfig;
import dev.starling.runtime.cluster.ClusterSnapshot;
import dev.starling.runtime.cluster.ClusterTable;
import dev.starling.xds.resource.Held;
import dev.starling.xds.resource.HeldResources;
import io.envoyproxy.envoy.admin.v3.BootstrapConfigDump;
import io.envoyproxy.envoy.admin.v3.ClustersConfigDump;
import io.envoyproxy.envoy.admin.v3.EcdsConfigDump;
import io.envoyproxy.envoy.admin.v3.EndpointsConfigDump;
import io.envoyproxy.envoy.admin.v3.ListenersConfigDump;
import io.envoyproxy.envoy.admin.v3.ListenersConfigDump.DynamicListener;
import io.envoyproxy.envoy.admin.v3.RoutesConfigDump;
import io.envoyproxy.envoy.admin.v3.ScopedRoutesConfigDump;
import io.envoyproxy.envoy.admin.v3.ScopedRoutesConfigDump.DynamicScopedRouteConfigs;
import io.envoyproxy.envoy.admin.v3.SecretsConfigDump;
import io.envoyproxy.envoy.config.bootstrap.v3.Bootstrap;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.core.v3.TypedExtensionConfig;
import io.envoyproxy.envoy.config.listener.v3.Filter;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.config.route.v3.ScopedRouteConfiguration;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.Secret;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The configuration in service as Envoy's dump messages, in its order: that of its config tracker's keys. */
final class ConfigDumps {

    private final Bootstrap bootstrap;
    private final ClusterTable clusters;
    private final Supplier<List<ListenerView>> listeners;
    private final HeldResources held;
    private final Timestamp loaded;

    /**
     * @param listeners in service
     * @param held of control planes and files
     * @param loaded when the bootstrap was
     */
    ConfigDumps(
            Bootstrap bootstrap,
            ClusterTable clusters,
            Supplier<List<ListenerView>> listeners,
            HeldResources held,
            Instant loaded) {
        this.bootstrap = bootstrap;
        this.clusters = clusters;
        this.listeners = listeners;
        this.held = held;
        this.loaded = timestamp(loaded);
    }

    private static Timestamp timestamp(Instant time) {
        return Timestamp.newBuilder()
                .setSeconds(time.getEpochSecond())
                .setNanos(time.getNano() / 1_000_000 * 1_000_000)
                .build();
    }

    private static String typeUrl(Descriptor type) {
        return "type.googleapis.com/" + type.getFullName();
    }

    private Stream<Held<?>> held(Descriptor type, Predicate<String> names) {
        return held.held(typeUrl(type)).stream().filter(resource -> names.test(resource.name()));
    }

    /** Each is made when it is come to. */
    Iterator<Message> all(Predicate<String> names, boolean endpoints) {
        List<Supplier<Message>> chosen = new ArrayList<>();
        chosen.add(this::bootstrap);
        chosen.add(() -> clusters(names));
        extensionKinds().forEach(kind -> chosen.add(() -> extensions(kind, names)));
        if (endpoints) {
            chosen.add(() -> endpoints(names));
        }
        chosen.add(() -> listeners(names));
        chosen.add(() -> scopes(names));
        chosen.add(() -> routes(names));
        chosen.add(() -> secrets(names));
        return Chain.map(chosen.iterator(), Supplier::get);
    }

    private Message bootstrap() {
        return BootstrapConfigDump.newBuilder()
                .setBootstrap(bootstrap)
                .setLastUpdated(loaded)
                .build();
    }

    /** By name, as Envoy has them; listeners keep their order. */
    private Message clusters(Predicate<String> names) {
        ClustersConfigDump.Builder dump = ClustersConfigDump.newBuilder();
        bootstrap.getStaticResources().getClustersList().stream()
                .filter(cluster -> names.test(cluster.getName()))
                .sorted(Comparator.comparing(Cluster::getName))
                .forEach(cluster -> dump.addStaticClustersBuilder()
                        .setCluster(Any.pack(cluster))
                        .setLastUpdated(loaded));
        dump.setVersionInfo(held.version(typeUrl(Cluster.getDescriptor())));
        heldClusters().entrySet().stream()
                .filter(each -> names.test(each.getKey()))
                .forEach(each -> addDynamic(each.getKey(), each.getValue(), dump));
        return dump.build();
    }

    /** By the clusters' own names: members of collections go by others. Of one name the last that came. */
    private SortedMap<String, Held<?>> heldClusters() {
        SortedMap<String, Held<?>> byName = new TreeMap<>();
        held.held(typeUrl(Cluster.getDescriptor()))
                .forEach(each -> byName.merge(
                        ownName(each), each, (one, other) -> one.updatedAt().isAfter(other.updatedAt()) ? one : other));
        return byName;
    }

    /** Its own: a member of a collection is known to the control plane by another. */
    private static String ownName(Held<?> held) {
        return TypedConfig.unpack(held.message())
                .map(message ->
                        (String) message.getField(message.getDescriptorForType().findFieldByName("name")))
                .orElse(held.name());
    }

    private void addDynamic(String name, Held<?> cluster, ClustersConfigDump.Builder dump) {
        (clusters.inService(name) ? dump.addDynamicActiveClustersBuilder() : dump.addDynamicWarmingClustersBuilder())
                .setVersionInfo(cluster.version())
                .setCluster(cluster.message())
                .setLastUpdated(timestamp(cluster.updatedAt()));
    }

    /** As in Envoy each kind has a dump of its own. */
    private SortedSet<String> extensionKinds() {
        return held.held(typeUrl(TypedExtensionConfig.getDescriptor())).stream()
                .map(ConfigDumps::extensionKind)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static String extensionKind(Held<?> extension) {
        String type = ((Extension) extension.resource()).typeUrl();
        if (type.startsWith("envoy.extensions.filters.network.")) {
            return "network";
        }
        return type.startsWith("envoy.extensions.filters.listener.") ? "tcp_listener" : "http";
    }

    private Message extensions(String kind, Predicate<String> names) {
        EcdsConfigDump.Builder dump = EcdsConfigDump.newBuilder();
        held(TypedExtensionConfig.getDescriptor(), names)
                .filter(extension -> extensionKind(extension).equals(kind))
                .forEach(extension -> dump.addEcdsFiltersBuilder()
                        .setVersionInfo(extension.version())
                        .setEcdsFilter(extension.message())
                        .setLastUpdated(timestamp(extension.updatedAt())));
        return dump.build();
    }

    private Message endpoints(Predicate<String> names) {
        EndpointsConfigDump.Builder dump = EndpointsConfigDump.newBuilder();
        clusters.snapshots().stream()
                .filter(cluster -> names.test(cluster.name()))
                .forEach(cluster -> {
                    Any assignment = Any.pack(LoadAssignments.of(assignmentName(cluster), cluster.endpoints()));
                    if (cluster.addedViaApi()) {
                        dump.addDynamicEndpointConfigsBuilder().setEndpointConfig(assignment);
                    } else {
                        dump.addStaticEndpointConfigsBuilder().setEndpointConfig(assignment);
                    }
                });
        return dump.build();
    }

    private static String assignmentName(ClusterSnapshot cluster) {
        return cluster.settings().discovery() instanceof Discovery.Eds(var name, var _) ? name : cluster.name();
    }

    private Message listeners(Predicate<String> names) {
        ListenersConfigDump.Builder dump = ListenersConfigDump.newBuilder();
        for (Listener listener : bootstrap.getStaticResources().getListenersList()) {
            if (names.test(listener.getName())) {
                dump.addStaticListenersBuilder().setListener(Any.pack(listener)).setLastUpdated(loaded);
            }
        }
        dump.setVersionInfo(held.version(typeUrl(Listener.getDescriptor())));
        Set<Object> inService =
                listeners.get().stream().map(ListenerView::config).collect(Collectors.toSet());
        Map<String, DynamicListener.Builder> dynamic = new TreeMap<>();
        for (Held<?> listener : held.held(typeUrl(Listener.getDescriptor()))) {
            String name = ownName(listener);
            if (names.test(name)) {
                (inService.contains(listener.resource())
                                ? named(dynamic, name).getActiveStateBuilder()
                                : named(dynamic, name).getWarmingStateBuilder())
                        .setVersionInfo(listener.version())
                        .setListener(listener.message())
                        .setLastUpdated(timestamp(listener.updatedAt()));
            }
        }
        held.refused(typeUrl(Listener.getDescriptor())).stream()
                .filter(refused -> names.test(refused.name()))
                .forEach(refused -> named(dynamic, refused.name())
                        .getErrorStateBuilder()
                        .setLastUpdateAttempt(timestamp(refused.at()))
                        .setVersionInfo(refused.version())
                        .setDetails(refused.reason()));
        dynamic.values().forEach(dump::addDynamicListeners);
        return dump.build();
    }

    private static DynamicListener.Builder named(Map<String, DynamicListener.Builder> dynamic, String name) {
        return dynamic.computeIfAbsent(name, _ -> DynamicListener.newBuilder().setName(name));
    }

    private Message routes(Predicate<String> names) {
        RoutesConfigDump.Builder dump = RoutesConfigDump.newBuilder();
        bootstrap.getStaticResources().getListenersList().stream()
                .flatMap(ConfigDumps::filters)
                .flatMap(filter -> TypedConfig.unpack(filter.getTypedConfig()).stream())
                .flatMap(ConfigDumps::inlineRoutes)
                .filter(routes -> names.test(routes.getName()))
                .forEach(routes -> dump.addStaticRouteConfigsBuilder()
                        .setRouteConfig(Any.pack(routes))
                        .setLastUpdated(loaded));
        held(RouteConfiguration.getDescriptor(), names)
                .forEach(routes -> dump.addDynamicRouteConfigsBuilder()
                        .setVersionInfo(routes.version())
                        .setRouteConfig(routes.message())
                        .setLastUpdated(timestamp(routes.updatedAt())));
        return dump.build();
    }

    /** Those that connection managers bring, and those that they find: what is held is shown under each of their names. */
    private Message scopes(Predicate<String> names) {
        ScopedRoutesConfigDump.Builder dump = ScopedRoutesConfigDump.newBuilder();
        managers()
                .map(HttpConnectionManager::getScopedRoutes)
                .filter(scoped -> names.test(scoped.getName()))
                .distinct()
                .forEach(scoped -> {
                    if (scoped.hasScopedRds()) {
                        found(scoped.getName(), dump.addDynamicScopedRouteConfigsBuilder());
                    } else {
                        var inline = dump.addInlineScopedRouteConfigsBuilder()
                                .setName(scoped.getName())
                                .setLastUpdated(loaded);
                        scoped.getScopedRouteConfigurationsList()
                                .getScopedRouteConfigurationsList()
                                .forEach(scope -> inline.addScopedRouteConfigs(Any.pack(scope)));
                    }
                });
        return dump.build();
    }

    private void found(String name, DynamicScopedRouteConfigs.Builder found) {
        found.setName(name).setVersionInfo(held.version(typeUrl(ScopedRouteConfiguration.getDescriptor())));
        held(ScopedRouteConfiguration.getDescriptor(), _ -> true)
                .forEach(scope ->
                        found.addScopedRouteConfigs(scope.message()).setLastUpdated(timestamp(scope.updatedAt())));
    }

    /** With scopes. */
    private Stream<HttpConnectionManager> managers() {
        return Stream.concat(
                        bootstrap.getStaticResources().getListenersList().stream(),
                        held(Listener.getDescriptor(), _ -> true)
                                .flatMap(listener -> TypedConfig.unpack(listener.message()).stream())
                                .map(Listener.class::cast))
                .flatMap(ConfigDumps::filters)
                .flatMap(filter -> TypedConfig.unpack(filter.getTypedConfig()).stream())
                .flatMap(filter -> filter instanceof HttpConnectionManager manager && manager.hasScopedRoutes()
                        ? Stream.of(manager)
                        : Stream.empty());
    }

    private static Stream<Filter> filters(Listener listener) {
        return Stream.concat(listener.getFilterChainsList().stream(), Stream.of(listener.getDefaultFilterChain()))
                .flatMap(chain -> chain.getFiltersList().stream());
    }

    private static Stream<RouteConfiguration> inlineRoutes(Message filter) {
        return filter instanceof HttpConnectionManager manager && manager.hasRouteConfig()
                ? Stream.of(manager.getRouteConfig())
                : Stream.empty();
    }

    private Message secrets(Predicate<String> names) {
        SecretsConfigDump.Builder dump = SecretsConfigDump.newBuilder();
        for (Secret secret : bootstrap.getStaticResources().getSecretsList()) {
            if (names.test(secret.getName())) {
                // Without a time, as Envoy.
                dump.addStaticSecretsBuilder().setName(secret.getName()).setSecret(Any.pack(secret));
            }
        }
        String type = typeUrl(Secret.getDescriptor());
        held.watched(type).forEach((name, since) -> {
            if (names.test(name)) {
                held.held(type, name)
                        .ifPresentOrElse(
                                secret -> dump.addDynamicActiveSecretsBuilder()
                                        .setName(name)
                                        .setVersionInfo(secret.version())
                                        .setLastUpdated(timestamp(secret.updatedAt()))
                                        .setSecret(secret.message()),
                                () -> dump.addDynamicWarmingSecretsBuilder()
                                        .setName(name)
                                        .setVersionInfo("uninitialized")
                                        .setLastUpdated(timestamp(since))
                                        .setSecret(Any.pack(Secret.newBuilder()
                                                .setName(name)
                                                .build())));
            }
        });
        return dump.build();
    }
}
