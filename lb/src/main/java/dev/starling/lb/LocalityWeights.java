package dev.starling.lb;

import dev.starling.config.Locality;
import dev.starling.config.endpoint.LoadAssignment;
import dev.starling.config.endpoint.LocalityEndpoints;
import java.util.HashMap;
import java.util.Map;

/** The weights a load assignment gives its localities; what is not listed has weight 0. */
public record LocalityWeights(Map<Key, Integer> weights) {

    public static final LocalityWeights NONE = new LocalityWeights(Map.of());

    public LocalityWeights {
        weights = Map.copyOf(weights);
    }

    /** Where a locality is listed more than once at a priority, the first mention counts. */
    public static LocalityWeights of(LoadAssignment assignment) {
        Map<Key, Integer> weights = new HashMap<>();
        for (LocalityEndpoints group : assignment.localities()) {
            weights.putIfAbsent(new Key(group.priority(), group.locality()), group.weight());
        }
        weights.values().removeIf(weight -> weight == 0);
        return new LocalityWeights(weights);
    }

    public int weight(int priority, Locality locality) {
        return weights.isEmpty() ? 0 : weights.getOrDefault(new Key(priority, locality), 0);
    }

    /** A locality has a weight of its own at each priority. */
    public record Key(int priority, Locality locality) {}
}
