package dev.starling.xds.resource;

import dev.starling.config.cluster.AggregateGraph;
import dev.starling.config.cluster.Cluster;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Aggregate clusters may name one another, but none itself, neither at once nor in the end.
 *
 * @param fixed of the bootstrap, in whose place no other comes
 */
record ClusterCoherence(List<Cluster> fixed) implements Coherence<Cluster> {

    @Override
    public boolean concerns(Cluster cluster) {
        return !cluster.members().isEmpty();
    }

    @Override
    public Map<String, String> refused(
            Collection<Cluster> all, Collection<String> updated, Function<String, Optional<Cluster>> before) {
        AggregateGraph graph = new AggregateGraph();
        all.forEach(cluster -> graph.put(cluster.name(), cluster.members()));
        fixed.forEach(cluster -> graph.put(cluster.name(), cluster.members()));
        Set<String> known = fixed.stream().map(Cluster::name).collect(Collectors.toSet());
        List<String> judged =
                updated.stream().filter(name -> !known.contains(name)).toList();
        Map<String, String> refused = new LinkedHashMap<>();
        graph.refuse(judged, name -> before.apply(name).map(Cluster::members).orElse(List.of()))
                .forEach((name, flaw) -> refused.put(name, flaw.toString()));
        return refused;
    }
}
