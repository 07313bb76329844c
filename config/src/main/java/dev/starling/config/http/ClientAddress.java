package dev.starling.config.http;

import dev.starling.config.CidrRange;
import java.util.List;

/**
 * How the address of the client is found and passed on.
 *
 * @param useRemoteAddress the peer is the client, and is appended to {@code x-forwarded-for}
 * @param xffTrustedHops addresses from the right of {@code x-forwarded-for} that are trusted
 * @param internalRanges whose requests count as internal; empty by default
 */
public record ClientAddress(
        boolean useRemoteAddress, int xffTrustedHops, boolean skipXffAppend, List<CidrRange> internalRanges) {

    public static final ClientAddress DEFAULT = new ClientAddress(false, 0, false, List.of());

    public ClientAddress {
        internalRanges = List.copyOf(internalRanges);
    }
}
