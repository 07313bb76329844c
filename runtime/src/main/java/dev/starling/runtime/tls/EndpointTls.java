package dev.starling.runtime.tls;

import java.util.List;

/**
 * How connections to an endpoint are secured.
 *
 * @param names by which it is known
 * @param protocols offered where none are configured
 */
public record EndpointTls(TlsHolder holder, PeerNames names, List<String> protocols, TlsStats stats) {

    /** The same, offering these protocols where none are configured. */
    public EndpointTls offering(List<String> fallback) {
        return new EndpointTls(holder, names, fallback, stats);
    }

    /** The same for a request that knows the endpoint by these names; what is empty stays as it is. */
    public EndpointTls known(PeerNames as) {
        String server = as.server().isEmpty() ? names.server() : as.server();
        return new EndpointTls(holder, new PeerNames(server, as.expected()), protocols, stats);
    }

    TlsContext.Target target() {
        return new TlsContext.Target(names, protocols);
    }
}
