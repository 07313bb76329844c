package dev.starling.runtime.tls;

import io.netty.util.AsciiString;
import javax.net.ssl.SSLEngine;

/**
 * By which names an endpoint is known to a connection. Names that differ in case are the same (RFC 4343), so that one connection
 * serves all of them, as in Envoy.
 *
 * @param server that is asked for; empty: none
 * @param expected that must be one of the certificate's, whatever else is configured; empty: none
 */
public record PeerNames(String server, String expected) {

    static final PeerNames NONE = new PeerNames("", "");

    @Override
    public boolean equals(Object other) {
        return other instanceof PeerNames names
                && server.equalsIgnoreCase(names.server)
                && expected.equalsIgnoreCase(names.expected);
    }

    @Override
    public int hashCode() {
        return 31 * AsciiString.hashCode(server) + AsciiString.hashCode(expected);
    }

    /**
     * As the host of an engine's peer. Under this, sessions are kept: one is no proof of another name. It is no name that a
     * provider would ask for by itself.
     */
    String host() {
        return server + "/" + expected + ".";
    }

    /** Of the peer of a client's engine. */
    static PeerNames of(SSLEngine engine) {
        String host = engine.getPeerHost();
        int slash = host == null ? -1 : host.lastIndexOf('/');
        return host == null || slash < 0
                ? NONE
                : new PeerNames(host.substring(0, slash), host.substring(slash + 1, host.length() - 1));
    }
}
