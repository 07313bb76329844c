package dev.starling.tests.envoy;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The filter chains of one listener, drawn so that they collide often but that no two have all criteria in common, as
 * Envoy would refuse that.
 *
 * @param matches the fields of each chain's match, with what each may have
 */
record ChainSet(List<Map<String, List<String>>> matches, boolean hasDefault) {

    private static final int MAX_CHAINS = 10;

    static final List<String> PORTS = List.of("80", "443");
    static final List<String> NAMES =
            List.of("a.example.com", "b.example.com", "x.a.example.com", "example.com", "other");
    static final List<String> PROTOCOLS = List.of("h2", "http/1.1", "foo");
    static final List<String> DESTINATIONS =
            List.of("10.0.0.1", "10.0.1.1", "10.1.0.1", "2001:db8::1", "2001:db8:1::1");
    static final List<String> SOURCES =
            List.of("10.0.0.1", "192.0.2.1", "192.0.3.1", "127.0.0.5", "2001:db8::1", "::1");
    static final List<String> SOURCE_PORTS = List.of("1000", "2000");

    private static final List<String> NAME_KEYS =
            List.of("a.example.com", "*.example.com", "*.com", "other", "*.a.example.com");
    private static final List<String> DESTINATION_KEYS =
            List.of("10.0.0.1/32", "10.0.0.0/24", "10.0.0.0/8", "2001:db8::/32", "2001:db8::/48");
    private static final List<String> SOURCE_KEYS =
            List.of("192.0.2.0/24", "192.0.0.0/16", "10.0.0.1/32", "127.0.0.0/8", "2001:db8::/32");
    private static final List<String> DIRECT_KEYS = List.of("127.0.0.0/8", "127.0.0.1/32", "10.0.0.0/8");

    static ChainSet draw(Random random) {
        List<Map<String, List<String>>> matches = new ArrayList<>();
        Set<String> leaves = new HashSet<>();
        int chains = 1 + random.nextInt(MAX_CHAINS);
        for (int i = 0; i < chains; i++) {
            Map<String, List<String>> match = drawMatch(random);
            Set<String> mine = leaves(match);
            if (mine.stream().noneMatch(leaves::contains)) {
                leaves.addAll(mine);
                matches.add(match);
            }
        }
        return new ChainSet(matches, random.nextBoolean());
    }

    private static Map<String, List<String>> drawMatch(Random random) {
        Map<String, List<String>> match = new LinkedHashMap<>();
        match.put("destination_port", some(random, PORTS, 1));
        match.put("prefix_ranges", some(random, DESTINATION_KEYS, 2));
        match.put("server_names", some(random, NAME_KEYS, 2));
        match.put("transport_protocol", some(random, List.of("tls", "raw_buffer"), 1));
        match.put("application_protocols", some(random, PROTOCOLS, 2));
        match.put("direct_source_prefix_ranges", some(random, DIRECT_KEYS, 2));
        match.put("source_type", some(random, List.of("SAME_IP_OR_LOOPBACK", "EXTERNAL"), 1));
        match.put("source_prefix_ranges", some(random, SOURCE_KEYS, 2));
        match.put("source_ports", some(random, SOURCE_PORTS, 2));
        return match;
    }

    /** Often none. */
    private static List<String> some(Random random, List<String> keys, int most) {
        if (random.nextInt(3) > 0) {
            return List.of();
        }
        return random.ints(1 + random.nextInt(most), 0, keys.size())
                .distinct()
                .mapToObj(keys::get)
                .toList();
    }

    /** Each combination of one value of each criterion. */
    private static Set<String> leaves(Map<String, List<String>> match) {
        Set<String> leaves = Set.of("");
        for (List<String> values : match.values()) {
            List<String> each = values.isEmpty() ? List.of("*") : values;
            leaves = leaves.stream()
                    .flatMap(leaf -> each.stream().map(value -> leaf + "|" + value))
                    .collect(Collectors.toSet());
        }
        return leaves;
    }

    /** A listener in YAML, whose chains answer with their number. */
    String listener(String name) {
        StringBuilder text = new StringBuilder();
        text.append("    - name: ").append(name).append('\n');
        text.append("      address: {socket_address: {address: 127.0.0.1, port_value: 0}}\n");
        text.append("      listener_filters: [*proxy, *tls]\n");
        text.append(matches.isEmpty() ? "" : "      filter_chains:\n");
        for (int i = 0; i < matches.size(); i++) {
            text.append("        - {filter_chain_match: {")
                    .append(fields(matches.get(i)))
                    .append("}, ")
                    .append(filters(i));
        }
        if (hasDefault || matches.isEmpty()) {
            text.append("      default_filter_chain: {").append(filters(-1));
        }
        return text.toString();
    }

    private static String filters(int chain) {
        return "filters: [{name: d, typed_config: {'@type':"
                + " type.googleapis.com/envoy.extensions.filters.network.direct_response.v3.Config,"
                + " response: {inline_string: 'chain " + chain + "'}}}]}\n";
    }

    private static String fields(Map<String, List<String>> match) {
        return match.entrySet().stream()
                .filter(entry -> !entry.getValue().isEmpty())
                .map(entry -> entry.getKey() + ": " + value(entry.getKey(), entry.getValue()))
                .collect(Collectors.joining(", "));
    }

    private static String value(String field, List<String> values) {
        return switch (field) {
            case "destination_port", "transport_protocol", "source_type" -> values.getFirst();
            case "prefix_ranges", "direct_source_prefix_ranges", "source_prefix_ranges" ->
                values.stream()
                        .map(range -> range.split("/"))
                        .map(parts -> "{address_prefix: '" + parts[0] + "', prefix_len: " + parts[1] + "}")
                        .collect(Collectors.joining(", ", "[", "]"));
            default -> values.stream().map(value -> "'" + value + "'").collect(Collectors.joining(", ", "[", "]"));
        };
    }
}
