package dev.starling.lb;

import dev.starling.config.Locality;
import dev.starling.config.endpoint.EndpointConfig;
import java.net.SocketAddress;

/**
 * An endpoint of a load assignment whose address is known: as configured, or as its name resolved.
 *
 * @param addressText {@code ip:port}; the identity within the cluster
 * @param hostname the name it was resolved from, or the configured host name, or empty
 */
public record ResolvedEndpoint(
        EndpointConfig config,
        Locality locality,
        int priority,
        SocketAddress address,
        String addressText,
        String hostname) {}
