package dev.starling.runtime.listener;

import dev.starling.config.Address;
import dev.starling.config.listener.Listener;

/**
 * How an address is to be listened on.
 *
 * @param backlog connections that wait to be accepted; 0 for the most that the system allows
 * @param reusePort each loop accepts on a socket of its own, where the system allows that
 */
public record Binding(Address address, int backlog, boolean reusePort) {

    public static Binding of(Listener listener, Address address) {
        return new Binding(address, listener.tcpBacklog(), listener.reusePort());
    }
}
