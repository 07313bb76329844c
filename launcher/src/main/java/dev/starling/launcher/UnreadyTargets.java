package dev.starling.launcher;

import dev.starling.admin.InitManager;
import dev.starling.config.bootstrap.Bootstrap;
import dev.starling.config.bootstrap.RuntimeLayer;
import dev.starling.config.cluster.Cluster;
import dev.starling.config.discovery.ResourceSet;
import dev.starling.config.listener.Listener;
import dev.starling.runtime.ServerViews;
import dev.starling.runtime.cluster.ClusterSnapshot;
import dev.starling.runtime.listener.ListenerView;
import dev.starling.xds.resource.Held;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a start still waits for: the runtime, clusters and listeners that are not in service, and the control plane. Read from
 * what is published, so that it can be told while everything else hangs. Envoy tells of listeners only, in these words.
 */
final class UnreadyTargets implements Supplier<List<InitManager>> {

    private final Bootstrap bootstrap;
    private final ServerViews views;
    private final ListenerTargets targets;

    UnreadyTargets(Bootstrap bootstrap, ServerViews views) {
        this.bootstrap = bootstrap;
        this.views = views;
        this.targets = new ListenerTargets(views.held());
    }

    @Override
    public List<InitManager> get() {
        List<InitManager> unready = new ArrayList<>();
        switch (views.state().phase()) {
            case PRE_INITIALIZING -> {
                put("runtime", "RTDS", layers(), unready);
                put("cluster", "cluster", clusters(), unready);
                putListeners(unready);
                put("xds", "xds", discovered(), unready);
            }
            case INITIALIZING -> {
                putListeners(unready);
                put("xds", "xds", discovered(bootstrap.dynamicResources().listeners(), "LDS"), unready);
            }
            case LIVE -> putListeners(unready);
            case DRAINING -> {}
        }
        return unready;
    }

    private Stream<String> layers() {
        return bootstrap.runtime().stream()
                .filter(layer -> layer instanceof RuntimeLayer.Discovered found
                        && views.held()
                                .held(ListenerTargets.RUNTIME, found.resource())
                                .isEmpty())
                .map(layer -> ((RuntimeLayer.Discovered) layer).resource());
    }

    private Stream<String> clusters() {
        Set<String> ready =
                views.clusters().snapshots().stream().map(ClusterSnapshot::name).collect(Collectors.toSet());
        return bootstrap.clusters().stream().map(Cluster::name).filter(name -> !ready.contains(name));
    }

    private Stream<String> discovered() {
        return Stream.concat(
                discovered(bootstrap.dynamicResources().clusters(), "CDS"),
                discovered(bootstrap.dynamicResources().listeners(), "LDS"));
    }

    private static Stream<String> discovered(Optional<ResourceSet> resources, String name) {
        return resources.map(_ -> name).stream();
    }

    private static void put(String component, String manager, Stream<String> names, List<InitManager> unready) {
        List<String> targets =
                names.map(name -> "target " + manager + " " + name).toList();
        if (!targets.isEmpty()) {
            unready.add(new InitManager(component, manager, targets));
        }
    }

    /** Those of the bootstrap, and those that have come and are not in service. */
    private void putListeners(List<InitManager> unready) {
        Set<String> ready =
                views.listeners().views().stream().map(ListenerView::name).collect(Collectors.toSet());
        Stream.concat(
                        bootstrap.listeners().stream(),
                        views.held().held(ListenerTargets.LISTENER).stream()
                                .map(Held::resource)
                                .map(Listener.class::cast))
                .filter(listener -> !ready.contains(listener.name()))
                .map(listener -> new InitManager(
                        "listener",
                        "Listener-local-init-manager " + listener.name() + " "
                                + Long.toUnsignedString(listener.contentHash()),
                        targets.of(listener)))
                .forEach(unready::add);
    }
}
