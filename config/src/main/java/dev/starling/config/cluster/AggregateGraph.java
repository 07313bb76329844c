package dev.starling.config.cluster;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Which aggregates name which clusters, and what is wrong with that: one that contains itself, or too many inside of one another.
 * What is named and does not exist is no flaw. Used by one thread.
 */
public final class AggregateGraph {

    /** So many aggregates may be inside of one another; as in gRPC, whose aggregates nest too. */
    public static final int MAX_NESTING = 16;

    /** Of a way through more clusters the middle is left out. */
    private static final int MAX_NAMED = 16;

    private final Map<String, List<String>> members = new HashMap<>();
    private final Map<String, Set<String>> namedBy = new HashMap<>();

    /**
     * What is wrong with an aggregate.
     *
     * @param member which of the clusters it names leads there
     */
    public record Flaw(int member, String text) {

        /** Below the cluster. */
        public String path() {
            return "cluster_type.typed_config.clusters[" + member + "]";
        }

        @Override
        public String toString() {
            return path() + ": " + text;
        }
    }

    /**
     * Takes the place of what was known of a cluster by this name.
     *
     * @param named the clusters that it names; none: it is no aggregate
     */
    public void put(String name, List<String> named) {
        remove(name);
        if (!named.isEmpty()) {
            members.put(name, named);
            named.forEach(member ->
                    namedBy.computeIfAbsent(member, _ -> new HashSet<>()).add(name));
        }
    }

    private void remove(String name) {
        List<String> before = members.remove(name);
        if (before != null) {
            before.forEach(member -> namedBy.getOrDefault(member, Set.of()).remove(name));
        }
    }

    /**
     * Puts back what has a flaw, the first first, until nothing has one any more.
     *
     * @param updated names of those that may be put back; all others are without flaw among themselves
     * @param before what was named by one of them before
     * @return those that were put back
     */
    public SequencedMap<String, Flaw> refuse(Collection<String> updated, Function<String, List<String>> before) {
        SequencedMap<String, Flaw> refused = new LinkedHashMap<>();
        List<String> judged = new ArrayList<>(updated);
        while (refuse(judged, this::cycle, before, refused) || refuse(judged, this::tooDeep, before, refused)) {
            judged.removeAll(refused.keySet());
        }
        return refused;
    }

    private boolean refuse(
            List<String> judged,
            Function<String, Optional<Flaw>> check,
            Function<String, List<String>> before,
            Map<String, Flaw> refused) {
        boolean any = false;
        for (String name : judged) {
            Optional<Flaw> flaw = members.containsKey(name) ? check.apply(name) : Optional.empty();
            if (flaw.isPresent()) {
                any = true;
                refused.put(name, flaw.get());
                put(name, before.apply(name));
            }
        }
        return any;
    }

    /** The shortest way from an aggregate to itself. */
    private Optional<Flaw> cycle(String name) {
        Map<String, String> reachedFrom = new HashMap<>();
        Deque<String> next = new ArrayDeque<>(List.of(name));
        while (!next.isEmpty() && !reachedFrom.containsKey(name)) {
            String from = next.remove();
            for (String member : membersOf(from)) {
                if (reachedFrom.putIfAbsent(member, from) == null) {
                    next.add(member);
                }
            }
        }
        if (!reachedFrom.containsKey(name)) {
            return Optional.empty();
        }
        ArrayList<String> way = new ArrayList<>(List.of(name));
        for (String at = reachedFrom.get(name); !name.equals(at); at = reachedFrom.get(at)) {
            way.addFirst(at);
        }
        return flaw(name, way.getFirst(), "aggregate cluster contains itself: " + name + " -> " + text(way));
    }

    private static String text(List<String> way) {
        return way.size() <= MAX_NAMED
                ? String.join(" -> ", way)
                : String.join(" -> ", way.subList(0, MAX_NAMED - 1)) + " -> ... -> " + way.getLast();
    }

    /** There is no cycle. */
    private Optional<Flaw> tooDeep(String name) {
        int above = chain(name, this::aggregatesThatName, new HashMap<>(), MAX_NESTING);
        Map<String, Integer> chains = new HashMap<>();
        if (above + chain(name, this::aggregatesIn, chains, MAX_NESTING) - 1 <= MAX_NESTING) {
            return Optional.empty();
        }
        String deepest = membersOf(name).stream()
                .max((one, other) -> Integer.compare(chains.getOrDefault(one, 0), chains.getOrDefault(other, 0)))
                .orElseThrow();
        return flaw(name, deepest, "more than " + MAX_NESTING + " aggregate clusters inside of one another");
    }

    /**
     * How many there are one after another, this one included.
     *
     * @param left how far to look: beyond it does not matter what there is
     */
    private static int chain(
            String name, Function<String, Collection<String>> step, Map<String, Integer> known, int left) {
        Integer before = known.get(name);
        if (before != null) {
            return before;
        }
        int longest = 0;
        if (left > 0) {
            for (String next : step.apply(name)) {
                longest = Math.max(longest, chain(next, step, known, left - 1));
            }
        }
        known.put(name, longest + 1);
        return longest + 1;
    }

    private List<String> membersOf(String name) {
        return members.getOrDefault(name, List.of());
    }

    private Collection<String> aggregatesIn(String name) {
        return membersOf(name).stream().filter(members::containsKey).collect(Collectors.toSet());
    }

    private Collection<String> aggregatesThatName(String name) {
        return namedBy.getOrDefault(name, Set.of());
    }

    private Optional<Flaw> flaw(String name, String member, String text) {
        return Optional.of(new Flaw(membersOf(name).indexOf(member), text));
    }
}
