package dev.starling.runtime.listener;

import dev.starling.config.Address;
import dev.starling.config.listener.Listener;
import dev.starling.config.listener.QuicOptions;
import java.util.Optional;

/**
 * How an address is to be listened on.
 *
 * @param backlog connections that wait to be accepted; 0 for the most that the system allows
 * @param reusePort each loop accepts on a socket of its own, where the system allows that
 * @param quic present: datagrams of QUIC are received, not connections accepted
 */
public record Binding(Address address, int backlog, boolean reusePort, Optional<QuicOptions> quic) {

    /** For connections of TCP or of a Unix domain socket. */
    public Binding(Address address, int backlog, boolean reusePort) {
        this(address, backlog, reusePort, Optional.empty());
    }

    public static Binding of(Listener listener, Address address) {
        return new Binding(address, listener.tcpBacklog(), listener.reusePort(), listener.quic());
    }
}
