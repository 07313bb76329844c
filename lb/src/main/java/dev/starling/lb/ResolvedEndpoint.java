package dev.starling.lb;

import dev.starling.config.Locality;
import dev.starling.config.endpoint.EndpointConfig;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * An endpoint of a load assignment whose address is known: as configured, or as its name resolved.
 *
 * @param addressText {@code ip:port}; the identity within the cluster
 * @param hostname the name it was resolved from, or the configured host name, or empty
 * @param inUse the state of an endpoint that is used already; null for one that is not
 */
public record ResolvedEndpoint(
        EndpointConfig config,
        Locality locality,
        int priority,
        SocketAddress address,
        String addressText,
        String hostname,
        @Nullable EndpointState inUse) {

    /** Of an endpoint that nothing uses yet. */
    public ResolvedEndpoint(
            EndpointConfig config,
            Locality locality,
            int priority,
            SocketAddress address,
            String addressText,
            String hostname) {
        this(config, locality, priority, address, addressText, hostname, null);
    }
}
