package dev.starling.config.cluster;

import dev.starling.config.listener.filter.ProxyProtocol.Version;
import dev.starling.config.listener.filter.TlvFilter;
import java.util.List;

/**
 * {@code envoy.extensions.transport_sockets.proxy_protocol.v3.ProxyProtocolUpstreamTransport}: each connection to an endpoint
 * begins with a header that says for whom it is.
 *
 * @param passThrough which of the TLVs that came with the client's connection go on
 * @param added TLVs of our own, before those
 * @param tlvsTellConnectionsApart connections are not shared by requests whose TLVs differ
 */
public record UpstreamProxyProtocol(
        Version version, TlvFilter passThrough, List<AddedTlv> added, boolean tlvsTellConnectionsApart) {

    public UpstreamProxyProtocol {
        added = List.copyOf(added);
    }

    /** @param value text of bytes, each a character */
    public record AddedTlv(int type, String value) {}
}
