package dev.starling.tests.envoy;

import java.io.IOException;
import java.net.InetSocketAddress;

/**
 * What clients of a listener do.
 *
 * @param name what it is about, and unique
 */
record TlsCase(String listener, String name, Play play) {

    static final String DIRECT = "GET /direct HTTP/1.1\r\nhost: a.example.com\r\nconnection: close\r\n\r\n";

    /** Does what is to be done with the proxy at this address, and tells what it has seen. */
    @FunctionalInterface
    interface Play {
        String at(InetSocketAddress address) throws IOException;
    }

    static TlsCase visit(String listener, String about, TlsPeer client) {
        return new TlsCase(
                listener, listener + ": " + about, address -> client.fresh().visit(address, DIRECT));
    }

    @Override
    public String toString() {
        return name;
    }
}
