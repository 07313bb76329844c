package dev.starling.config.listener.filter;

import java.util.Set;

/**
 * {@code envoy.config.core.v3.ProxyProtocolPassThroughTLVs}: which TLVs pass.
 *
 * @param all whatever the type
 */
public record TlvFilter(boolean all, Set<Integer> types) {

    public static final TlvFilter NONE = new TlvFilter(false, Set.of());

    public TlvFilter {
        types = Set.copyOf(types);
    }

    public boolean passes(int type) {
        return all || types.contains(type);
    }
}
