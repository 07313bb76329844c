package dev.starling.runtime.listener;

import dev.starling.config.listener.Listener;
import java.net.SocketAddress;
import java.util.List;

/**
 * A listener in service, as {@code /listeners} shows it.
 *
 * @param localAddresses with real ports, in the order of the configuration; empty if it binds none
 */
public record ListenerView(Listener config, List<SocketAddress> localAddresses, boolean addedViaApi) {

    public ListenerView {
        localAddresses = List.copyOf(localAddresses);
    }

    public String name() {
        return config.name();
    }
}
