package dev.starling.runtime.listener;

import dev.starling.config.Address;
import dev.starling.config.listener.Listener;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.SocketChannel;
import java.util.Optional;

/**
 * Whether the addresses of a listener could be bound, told before it is accepted, so that a control plane learns of it. Sockets
 * are bound and not listened on: nobody's connections are taken.
 */
public final class BindTrial {

    private BindTrial() {}

    /** Why not, in Envoy's words. What is found out only later is in the log and the statistics. */
    public static Optional<String> objection(Listener listener, ListenerTable inService) {
        if (!listener.bindToPort()) {
            return Optional.empty();
        }
        for (Address address : listener.addresses()) {
            if (address instanceof Address.Socket socket && socket.port() != 0 && !isOurs(address, inService)) {
                try {
                    bind(socket, listener.reusePort());
                } catch (IOException refused) {
                    return Optional.of("cannot bind '" + address.display() + "': " + refused.getMessage());
                }
            }
        }
        return Optional.empty();
    }

    private static boolean isOurs(Address address, ListenerTable inService) {
        return inService.views().stream()
                .anyMatch(view -> view.config().addresses().contains(address));
    }

    private static void bind(Address.Socket address, boolean reusePort) throws IOException {
        try (SocketChannel socket = SocketChannel.open()) {
            socket.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            if (reusePort && socket.supportedOptions().contains(StandardSocketOptions.SO_REUSEPORT)) {
                socket.setOption(StandardSocketOptions.SO_REUSEPORT, true);
            }
            socket.bind(new InetSocketAddress(address.host(), address.port())); // a literal: nothing is resolved
        }
    }
}
