package dev.starling.runtime.listener.match;

import dev.starling.config.CidrRange;
import dev.starling.config.listener.FilterChain;
import dev.starling.config.listener.FilterChainMatch;
import dev.starling.config.listener.FilterChainMatch.SourceType;
import dev.starling.runtime.listener.match.FilterChainMatcher.Step;
import dev.starling.runtime.network.ConnectionTraits;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Makes one table of each criterion, with a table of the next one behind each of its keys. */
final class MatchCompiler {

    /** Not all of 127.0.0.0/8, in Envoy either. */
    private static final InetAddress LOOPBACK_IPV4 = InetAddress.ofLiteral("127.0.0.1");

    private static final InetAddress LOOPBACK_IPV6 = InetAddress.ofLiteral("::1");

    private MatchCompiler() {}

    static Step byDestinationPort(List<FilterChain> chains) {
        Map<Integer, Step> ports =
                group(chains, match -> List.of(match.destinationPort().orElse(0)), MatchCompiler::byDestinationIp);
        Step any = ports.remove(0);
        return traits -> {
            Step exact = ports.isEmpty() ? null : ports.get(traits.localPort());
            return follow(exact == null ? any : exact, traits);
        };
    }

    private static Step byDestinationIp(List<FilterChain> chains) {
        return byPrefix(
                chains,
                FilterChainMatch::prefixRanges,
                traits -> ConnectionTraits.ip(traits.local()),
                MatchCompiler::byServerName);
    }

    private static Step byServerName(List<FilterChain> chains) {
        Map<String, Step> names =
                group(chains, match -> orAny(suffixes(match.serverNames()), ""), MatchCompiler::byTransportProtocol);
        Step any = names.get("");
        return names.size() == 1 && any != null ? any : traits -> follow(byName(names, traits.serverName()), traits);
    }

    /** As Envoy keeps them: a wildcard as the suffix that it stands for, with its dot. */
    private static List<String> suffixes(List<String> names) {
        return names.stream()
                .map(name -> name.startsWith("*") ? name.substring(1) : name)
                .toList();
    }

    /** The name itself, then {@code *.example.com}, {@code *.com}, then what asks for no name. */
    private static @Nullable Step byName(Map<String, Step> names, String name) {
        Step found = names.get(name);
        for (int dot = name.indexOf('.', 1);
                found == null && dot >= 0 && dot < name.length() - 1;
                dot = name.indexOf('.', dot + 1)) {
            found = names.get(name.substring(dot));
        }
        return found == null ? names.get("") : found;
    }

    private static Step byTransportProtocol(List<FilterChain> chains) {
        Map<String, Step> protocols =
                group(chains, match -> List.of(match.transportProtocol()), MatchCompiler::byApplicationProtocol);
        Step any = protocols.get("");
        return traits -> {
            Step exact = protocols.get(traits.transportProtocol());
            return follow(exact == null ? any : exact, traits);
        };
    }

    private static Step byApplicationProtocol(List<FilterChain> chains) {
        Map<String, Step> protocols =
                group(chains, match -> orAny(match.applicationProtocols(), ""), MatchCompiler::byDirectSourceIp);
        Step any = protocols.get("");
        return traits -> {
            for (String protocol : traits.applicationProtocols()) {
                Step exact = protocols.get(protocol);
                if (exact != null) {
                    return exact.find(traits);
                }
            }
            return follow(any, traits);
        };
    }

    private static Step byDirectSourceIp(List<FilterChain> chains) {
        return byPrefix(
                chains,
                FilterChainMatch::directSourcePrefixRanges,
                traits -> ConnectionTraits.ip(traits.directRemote()),
                MatchCompiler::bySourceType);
    }

    private static Step bySourceType(List<FilterChain> chains) {
        Map<SourceType, Step> types = group(chains, match -> List.of(match.sourceType()), MatchCompiler::bySourceIp);
        Step any = types.get(SourceType.ANY);
        if (any != null && types.size() == 1) {
            return any;
        }
        Step local = types.getOrDefault(SourceType.SAME_IP_OR_LOOPBACK, any);
        Step external = types.getOrDefault(SourceType.EXTERNAL, any);
        return traits -> follow(isLocal(traits) ? local : external, traits);
    }

    /** A pipe, a loopback address, or the same address on both sides. */
    private static boolean isLocal(ConnectionTraits traits) {
        InetAddress source = ConnectionTraits.ip(traits.remote());
        return source == null
                || source.equals(LOOPBACK_IPV4)
                || source.equals(LOOPBACK_IPV6)
                || source.equals(ConnectionTraits.ip(traits.local()));
    }

    private static Step bySourceIp(List<FilterChain> chains) {
        return byPrefix(
                chains,
                FilterChainMatch::sourcePrefixRanges,
                traits -> ConnectionTraits.ip(traits.remote()),
                MatchCompiler::bySourcePort);
    }

    private static Step bySourcePort(List<FilterChain> chains) {
        Map<Integer, Step> ports = group(chains, match -> orAny(match.sourcePorts(), 0), MatchCompiler::chain);
        Step any = ports.remove(0);
        return traits -> {
            Step exact = ports.isEmpty() ? null : ports.get(ConnectionTraits.port(traits.remote()));
            return follow(exact == null ? any : exact, traits);
        };
    }

    /** Validation has seen to it that there is but one left. */
    private static Step chain(List<FilterChain> chains) {
        FilterChain chain = chains.getFirst();
        return _ -> chain;
    }

    // ---- tables ---------------------------------------------------------------------------------------------------

    private static @Nullable FilterChain follow(@Nullable Step step, ConnectionTraits traits) {
        return step == null ? null : step.find(traits);
    }

    /** What lies behind each key: the next table, of the chains that have the key. */
    private static <K> Map<K, Step> group(
            List<FilterChain> chains,
            Function<FilterChainMatch, List<K>> keys,
            Function<List<FilterChain>, Step> next) {
        Map<K, List<FilterChain>> groups = new LinkedHashMap<>();
        for (FilterChain chain : chains) {
            for (K key : keys.apply(chain.match())) {
                groups.computeIfAbsent(key, _ -> new ArrayList<>()).add(chain);
            }
        }
        Map<K, Step> steps = new HashMap<>();
        groups.forEach((key, group) -> steps.put(key, next.apply(group)));
        return steps;
    }

    private static <K> List<K> orAny(List<K> keys, K any) {
        return keys.isEmpty() ? List.of(any) : keys;
    }

    /** A chain that names no prefix stands behind all addresses of either kind. */
    private static Step byPrefix(
            List<FilterChain> chains,
            Function<FilterChainMatch, List<CidrRange>> ranges,
            Function<ConnectionTraits, @Nullable InetAddress> address,
            Function<List<FilterChain>, Step> next) {
        if (chains.stream().allMatch(chain -> ranges.apply(chain.match()).isEmpty())) {
            return next.apply(chains);
        }
        List<CidrRange> all = List.of(PrefixTable.ANY_IPV4, PrefixTable.ANY_IPV6);
        PrefixTable table =
                PrefixTable.of(group(chains, match -> ranges.apply(match).isEmpty() ? all : ranges.apply(match), next));
        return traits -> follow(table.find(address.apply(traits)), traits);
    }
}
