package dev.starling.config.listener.filter;

import java.util.List;
import java.util.Set;

/**
 * {@code envoy.extensions.filters.listener.proxy_protocol.v3.ProxyProtocol}.
 *
 * @param rules which TLVs become metadata
 * @param passThrough which TLVs are kept for the header that an upstream is sent
 * @param allowMissing connections without a header are served as they are
 * @param disallowed versions that are refused
 * @param statPrefix ends with a dot if there is one
 */
public record ProxyProtocol(
        List<Rule> rules, TlvFilter passThrough, boolean allowMissing, Set<Version> disallowed, String statPrefix) {

    public static final ProxyProtocol DEFAULT = new ProxyProtocol(List.of(), TlvFilter.NONE, false, Set.of(), "");

    public ProxyProtocol {
        rules = List.copyOf(rules);
        disallowed = Set.copyOf(disallowed);
    }

    /** The forms of the header. */
    public enum Version {
        V1,
        V2
    }

    /** A TLV of this type becomes metadata under this name. */
    public record Rule(int tlvType, String namespace, String key) {}
}
