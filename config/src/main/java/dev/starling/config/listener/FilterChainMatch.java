package dev.starling.config.listener;

import dev.starling.config.CidrRange;
import java.util.List;
import java.util.OptionalInt;

/**
 * {@code envoy.config.listener.v3.FilterChainMatch}: an empty list matches anything; a list matches if one entry does.
 *
 * @param serverNames lower case, exact or {@code *.suffix}
 */
public record FilterChainMatch(
        OptionalInt destinationPort,
        List<CidrRange> prefixRanges,
        List<String> serverNames,
        String transportProtocol,
        List<String> applicationProtocols,
        List<CidrRange> directSourcePrefixRanges,
        SourceType sourceType,
        List<CidrRange> sourcePrefixRanges,
        List<Integer> sourcePorts) {

    public static final FilterChainMatch ANY = new FilterChainMatch(
            OptionalInt.empty(), List.of(), List.of(), "", List.of(), List.of(), SourceType.ANY, List.of(), List.of());

    public FilterChainMatch {
        prefixRanges = List.copyOf(prefixRanges);
        serverNames = List.copyOf(serverNames);
        applicationProtocols = List.copyOf(applicationProtocols);
        directSourcePrefixRanges = List.copyOf(directSourcePrefixRanges);
        sourcePrefixRanges = List.copyOf(sourcePrefixRanges);
        sourcePorts = List.copyOf(sourcePorts);
    }

    /** Where the connection comes from. */
    public enum SourceType {
        ANY,
        SAME_IP_OR_LOOPBACK,
        EXTERNAL
    }
}
