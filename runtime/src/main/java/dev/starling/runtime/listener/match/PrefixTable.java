package dev.starling.runtime.listener.match;

import dev.starling.config.CidrRange;
import dev.starling.runtime.listener.match.FilterChainMatcher.Step;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What lies behind the longest of the prefixes that hold an address. Immutable. */
final class PrefixTable {

    static final CidrRange ANY_IPV4 = new CidrRange(Inet4Address.ofLiteral("0.0.0.0"), 0);
    static final CidrRange ANY_IPV6 = new CidrRange(Inet6Address.ofLiteral("::"), 0);

    /** What stands for the address of a pipe, in Envoy too. */
    private static final InetAddress NO_ADDRESS = Inet4Address.ofLiteral("255.255.255.255");

    private final Map<CidrRange, Step> steps;
    private final int[] ipv4Lengths;
    private final int[] ipv6Lengths;

    private PrefixTable(Map<CidrRange, Step> steps) {
        this.steps = new HashMap<>(steps);
        this.ipv4Lengths = lengths(steps.keySet().stream().filter(range -> range.network() instanceof Inet4Address));
        this.ipv6Lengths = lengths(steps.keySet().stream().filter(range -> range.network() instanceof Inet6Address));
    }

    static PrefixTable of(Map<CidrRange, Step> steps) {
        return new PrefixTable(steps);
    }

    /** Each length that occurs, the longest first. */
    private static int[] lengths(Stream<CidrRange> ranges) {
        return ranges.map(CidrRange::prefixLength)
                .distinct()
                .sorted(Comparator.reverseOrder())
                .mapToInt(Integer::intValue)
                .toArray();
    }

    @Nullable
    Step find(@Nullable InetAddress address) {
        InetAddress known = address == null ? NO_ADDRESS : address;
        boolean ipv4 = known instanceof Inet4Address;
        for (int length : ipv4 ? ipv4Lengths : ipv6Lengths) {
            CidrRange range = length > 0 ? new CidrRange(known, length) : ipv4 ? ANY_IPV4 : ANY_IPV6;
            Step found = steps.get(range);
            if (found != null) {
                return found;
            }
        }
        return null;
    }
}
