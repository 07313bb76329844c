package dev.starling.launcher;

import dev.starling.config.bootstrap.Bootstrap;
import dev.starling.config.cluster.Cluster;
import dev.starling.config.discovery.ConfigSource;
import dev.starling.config.listener.Listener;
import dev.starling.runtime.ServerViews;
import dev.starling.runtime.cluster.ClusterSnapshot;
import dev.starling.runtime.listener.ListenerView;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a start still waits for: clusters and listeners of the bootstrap that are not in service, and the control plane.
 * Read from what is published, so that it can be told while everything else hangs.
 */
final class UnreadyTargets implements Supplier<Map<String, List<String>>> {

    private final Bootstrap bootstrap;
    private final ServerViews views;

    UnreadyTargets(Bootstrap bootstrap, ServerViews views) {
        this.bootstrap = bootstrap;
        this.views = views;
    }

    @Override
    public Map<String, List<String>> get() {
        Map<String, List<String>> unready = new LinkedHashMap<>();
        switch (views.state().phase()) {
            case PRE_INITIALIZING -> {
                put("cluster", clusters(), unready);
                put("listener", listeners(), unready);
                put("xds", discovered(bootstrap.dynamicResources().clusters(), "CDS"), unready);
                put("xds", discovered(bootstrap.dynamicResources().listeners(), "LDS"), unready);
            }
            case INITIALIZING -> {
                put("listener", listeners(), unready);
                put("xds", discovered(bootstrap.dynamicResources().listeners(), "LDS"), unready);
            }
            case LIVE, DRAINING -> {}
        }
        return unready;
    }

    private List<String> clusters() {
        Set<String> ready =
                views.clusters().snapshots().stream().map(ClusterSnapshot::name).collect(Collectors.toSet());
        return bootstrap.clusters().stream()
                .map(Cluster::name)
                .filter(name -> !ready.contains(name))
                .toList();
    }

    private List<String> listeners() {
        Set<String> ready =
                views.listeners().views().stream().map(ListenerView::name).collect(Collectors.toSet());
        return bootstrap.listeners().stream()
                .map(Listener::name)
                .filter(name -> !ready.contains(name))
                .toList();
    }

    private static List<String> discovered(Optional<ConfigSource> source, String name) {
        return source.map(_ -> List.of(name)).orElse(List.of());
    }

    private static void put(String component, List<String> names, Map<String, List<String>> unready) {
        if (!names.isEmpty()) {
            unready.merge(
                    component,
                    names,
                    (before, more) ->
                            Stream.concat(before.stream(), more.stream()).toList());
        }
    }
}
