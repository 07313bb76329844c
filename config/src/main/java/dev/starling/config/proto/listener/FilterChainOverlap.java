package dev.starling.config.proto.listener;

import dev.starling.config.listener.FilterChain;
import dev.starling.config.listener.FilterChainMatch;
import dev.starling.config.proto.ValidationContext;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;

/**
 * Finds filter chains that one connection would lead to alike: Envoy refuses two chains of which each criterion has a
 * value in common, and a value that stands twice in one criterion.
 */
final class FilterChainOverlap {

    private static final String OVERLAP = "multiple filter chains with overlapping matching rules are defined";

    private FilterChainOverlap() {}

    static void check(List<FilterChain> chains, ValidationContext context) {
        // Compares only chains with a server name and a port in common: of thousands of chains, each mostly has its
        // own.
        var byEntry = new HashMap<Entry, List<FilterChain>>();
        var byMatch = new HashMap<FilterChainMatch, FilterChain>();
        for (int i = 0; i < chains.size(); i++) {
            var chain = chains.get(i);
            var at = context.field("filter_chains", i);
            if (at.field("filter_chain_match").failed()) {
                continue;
            }
            var same = byMatch.putIfAbsent(chain.match(), chain);
            if (same != null) {
                at.problem("filter chain '" + chain.name() + "' has the same matching rules defined as '" + same.name()
                        + "'");
            } else if (hasRepetition(chain.match()) || overlapsAny(chain, byEntry)) {
                at.problem(OVERLAP);
            }
        }
    }

    private static boolean overlapsAny(FilterChain chain, Map<Entry, List<FilterChain>> byEntry) {
        boolean overlaps = false;
        for (var entry : entries(chain.match())) {
            var others = byEntry.computeIfAbsent(entry, e -> new ArrayList<>());
            overlaps |= others.stream().anyMatch(other -> overlap(chain.match(), other.match()));
            others.add(chain);
        }
        return overlaps;
    }

    private static List<Entry> entries(FilterChainMatch match) {
        int port = match.destinationPort().orElse(0);
        if (match.serverNames().isEmpty()) {
            return List.of(new Entry(port, ""));
        }
        return match.serverNames().stream().map(name -> new Entry(port, name)).toList();
    }

    private static boolean overlap(FilterChainMatch one, FilterChainMatch other) {
        return one.destinationPort().equals(other.destinationPort())
                && one.transportProtocol().equals(other.transportProtocol())
                && one.sourceType() == other.sourceType()
                && meet(one.prefixRanges(), other.prefixRanges())
                && meet(one.serverNames(), other.serverNames())
                && meet(one.applicationProtocols(), other.applicationProtocols())
                && meet(one.directSourcePrefixRanges(), other.directSourcePrefixRanges())
                && meet(one.sourcePrefixRanges(), other.sourcePrefixRanges())
                && meet(one.sourcePorts(), other.sourcePorts());
    }

    /** An empty list is a value of its own: what has it is tried after what has a matching one. */
    private static boolean meet(Collection<?> one, Collection<?> other) {
        if (one.isEmpty() || other.isEmpty()) {
            return one.isEmpty() && other.isEmpty();
        }
        return one.stream().anyMatch(other::contains);
    }

    private static boolean hasRepetition(FilterChainMatch match) {
        return repeats(match.prefixRanges())
                || repeats(match.serverNames())
                || repeats(match.applicationProtocols())
                || repeats(match.directSourcePrefixRanges())
                || repeats(match.sourcePrefixRanges())
                || repeats(match.sourcePorts());
    }

    private static boolean repeats(List<?> values) {
        return new HashSet<>(values).size() < values.size();
    }

    /** @param port 0 for any */
    private record Entry(int port, String serverName) {}
}
