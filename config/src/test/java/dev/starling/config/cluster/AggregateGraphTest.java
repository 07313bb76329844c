package dev.starling.config.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class AggregateGraphTest {

    private static final Map<String, List<String>> NOTHING = Map.of();

    private final AggregateGraph graph = new AggregateGraph();

    private void put(String name, String... members) {
        graph.put(name, List.of(members));
    }

    /** What is refused when these have come, in this order. */
    private List<String> refused(Map<String, List<String>> before, String... updated) {
        return graph.refuse(List.of(updated), name -> before.getOrDefault(name, List.of())).entrySet().stream()
                .map(entry -> entry.getKey() + ": " + entry.getValue())
                .toList();
    }

    @Test
    void namesTheWayFromAnAggregateToItself() {
        put("a", "x", "b");
        put("b", "c");
        put("c", "y", "z", "a");

        assertThat(refused(NOTHING, "a"))
                .containsExactly(
                        "a: cluster_type.typed_config.clusters[1]: aggregate cluster contains itself: a -> b -> c -> a");
    }

    @Test
    void refusesTheFirstOfACycleAndKeepsTheOthers() {
        put("a", "b");
        put("b", "a");
        put("c", "c");

        assertThat(refused(NOTHING, "b", "a", "c"))
                .containsExactly(
                        "b: cluster_type.typed_config.clusters[0]: aggregate cluster contains itself: b -> a -> b",
                        "c: cluster_type.typed_config.clusters[0]: aggregate cluster contains itself: c -> c");
    }

    @Test
    void refusesNothingThatOnlyLeadsToACycle() {
        put("a", "b");
        put("b", "c");
        put("c", "b");

        assertThat(refused(NOTHING, "a", "b", "c"))
                .containsExactly(
                        "b: cluster_type.typed_config.clusters[0]: aggregate cluster contains itself: b -> c -> b");
    }

    @Test
    void judgesAgainWhatMeetsTheOldVersionOfARefusedOne() {
        put("a", "a");
        put("b", "a");

        assertThat(refused(Map.of("a", List.of("b")), "b", "a"))
                .containsExactly(
                        "a: cluster_type.typed_config.clusters[0]: aggregate cluster contains itself: a -> a",
                        "b: cluster_type.typed_config.clusters[0]: aggregate cluster contains itself: b -> a -> b");
    }

    @Test
    void takesWhatIsNamedTwiceOrByManyOrDoesNotExist() {
        put("top", "left", "right", "left", "nowhere");
        put("left", "bottom");
        put("right", "bottom", "left");
        put("bottom", "x", "x");

        assertThat(refused(NOTHING, "top", "left", "right", "bottom")).isEmpty();
    }

    @Test
    void takesSixteenInsideOfOneAnotherAndNoMore() {
        int most = AggregateGraph.MAX_NESTING;
        for (int i = 1; i <= most; i++) {
            put("a" + i, "a" + (i + 1), "b");
        }
        assertThat(refused(NOTHING, "a1", "a" + most)).isEmpty();

        put("a" + (most + 1), "x", "y");
        assertThat(refused(NOTHING, "a" + (most + 1)))
                .containsExactly("a17: cluster_type.typed_config.clusters[0]: more than 16 aggregate clusters inside of"
                        + " one another");
        put("a0", "b", "a1");
        assertThat(refused(NOTHING, "a0"))
                .containsExactly(
                        "a0: cluster_type.typed_config.clusters[1]: more than 16 aggregate clusters inside of one another");
        assertThat(refused(NOTHING, "a8")).isEmpty();
    }

    @Test
    void isNotExhaustedByLongChainsOrManyWays() {
        int many = 100_000;
        for (int i = 0; i < many; i++) {
            put("a" + i, "a" + (i + 1) % many);
        }
        assertThat(refused(NOTHING, "a0")).hasSize(1).first().asString().contains(" -> a15 -> ... -> a0");
        for (int layer = 0; layer < 15; layer++) {
            for (int i = 0; i < 20; i++) {
                List<String> next = new ArrayList<>();
                for (int j = 0; j < 20; j++) {
                    next.add("l" + (layer + 1) + "-" + j);
                }
                graph.put("l" + layer + "-" + i, next);
            }
        }
        assertThat(refused(NOTHING, "l0-0", "l14-19")).isEmpty();
    }

    /** Whatever comes, nothing contains itself afterwards, and without what was refused nothing would have been. */
    @Test
    void leavesNoCycleOfAnyUpdate() {
        long seed = Long.getLong("seed", System.nanoTime());
        Random random = new Random(seed);
        Map<String, List<String>> held = new HashMap<>();
        for (int round = 0; round < 2_000; round++) {
            Map<String, List<String>> before = new HashMap<>(held);
            List<String> updated = new ArrayList<>();
            for (int i = 0; i < 1 + random.nextInt(4); i++) {
                String name = "c" + random.nextInt(6);
                List<String> members = random.ints(random.nextInt(3), 0, 6)
                        .mapToObj(member -> "c" + member)
                        .toList();
                if (!updated.contains(name)) {
                    updated.add(name);
                    held.put(name, members);
                    graph.put(name, members);
                }
            }

            Set<String> refused = graph.refuse(updated, name -> before.getOrDefault(name, List.of()))
                    .keySet();

            refused.forEach(name -> held.put(name, before.getOrDefault(name, List.of())));
            for (String name : held.keySet()) {
                assertThat(below(held, name))
                        .as("seed %d, round %d: %s", seed, round, name)
                        .doesNotContain(name);
            }
        }
    }

    private static Set<String> below(Map<String, List<String>> members, String name) {
        Set<String> reached = new HashSet<>();
        List<String> next = new ArrayList<>(List.of(name));
        while (!next.isEmpty()) {
            for (String member : members.getOrDefault(next.removeLast(), List.of())) {
                if (reached.add(member)) {
                    next.add(member);
                }
            }
        }
        return reached;
    }
}
