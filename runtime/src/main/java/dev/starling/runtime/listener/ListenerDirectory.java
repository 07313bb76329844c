package dev.starling.runtime.listener;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The listeners in service by address, those that are not bound included. Any thread. */
public final class ListenerDirectory {

    private volatile Map<SocketAddress, ActiveListener> byAddress = Map.of();

    /** This version serves these addresses from now on, and no others. */
    public synchronized void publish(List<SocketAddress> addresses, ActiveListener listener) {
        Map<SocketAddress, ActiveListener> next = without(listener.config().name());
        addresses.forEach(address -> next.put(address, listener));
        byAddress = Map.copyOf(next);
    }

    /** The listener accepts no more. */
    public synchronized void withdraw(String name) {
        byAddress = Map.copyOf(without(name));
    }

    private Map<SocketAddress, ActiveListener> without(String name) {
        Map<SocketAddress, ActiveListener> rest = new HashMap<>(byAddress);
        rest.values().removeIf(listener -> listener.config().name().equals(name));
        return rest;
    }

    /** What listens there, or else on the same port of all addresses. */
    @Nullable
    ActiveListener find(SocketAddress address) {
        Map<SocketAddress, ActiveListener> current = byAddress;
        ActiveListener exact = current.get(address);
        if (exact != null || !(address instanceof InetSocketAddress ip)) {
            return exact;
        }
        return current.get(new InetSocketAddress(
                ip.getAddress() instanceof Inet4Address
                        ? Inet4Address.ofLiteral("0.0.0.0")
                        : Inet6Address.ofLiteral("::"),
                ip.getPort()));
    }
}
