package dev.starling.runtime.tls;

import javax.net.ssl.SSLEngine;

/**
 * By which names an endpoint is known to a connection.
 *
 * @param server that is asked for; empty: none
 * @param expected that must be one of the certificate's, whatever else is configured; empty: none
 */
public record PeerNames(String server, String expected) {

    static final PeerNames NONE = new PeerNames("", "");

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
