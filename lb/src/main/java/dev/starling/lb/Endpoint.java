package dev.starling.lb;

import dev.starling.config.Locality;
import dev.starling.config.endpoint.EndpointConfig;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * An endpoint as one endpoint set has it: immutable configuration, and the state that outlives the set. It is its own
 * {@link Pick}, so that a choice allocates nothing.
 */
public final class Endpoint implements Pick {

    private final EndpointConfig config;
    private final SocketAddress address;
    private final String addressText;
    private final String hostname;
    private final Locality locality;
    private final int priority;
    private final EndpointState state;

    /**
     * @param address resolved; an {@link InetSocketAddress}, or a Unix domain socket's
     * @param addressText as {@code /clusters} prints it: {@code ip:port}; the identity within the cluster
     * @param hostname the name it was resolved from, or the configured host name, or empty
     */
    public Endpoint(
            EndpointConfig config,
            SocketAddress address,
            String addressText,
            String hostname,
            Locality locality,
            int priority,
            EndpointState state) {
        this.config = config;
        this.address = address;
        this.addressText = addressText;
        this.hostname = hostname;
        this.locality = locality;
        this.priority = priority;
        this.state = state;
    }

    public EndpointConfig config() {
        return config;
    }

    public SocketAddress address() {
        return address;
    }

    /** The address if it is an IP address, else null. */
    public @Nullable InetSocketAddress ipAddress() {
        return address instanceof InetSocketAddress ip ? ip : null;
    }

    public String addressText() {
        return addressText;
    }

    public String hostname() {
        return hostname;
    }

    public Locality locality() {
        return locality;
    }

    public int priority() {
        return priority;
    }

    public int weight() {
        return config.weight();
    }

    public EndpointState state() {
        return state;
    }

    @Override
    public String toString() {
        return addressText;
    }
}
