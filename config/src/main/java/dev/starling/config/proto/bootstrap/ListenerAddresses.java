package dev.starling.config.proto.bootstrap;

import dev.starling.config.Address;
import dev.starling.config.listener.Listener;
import dev.starling.config.proto.ValidationContext;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Collectors;

/** Finds listeners that want the address of another. Port 0 is a port of its own each time. */
final class ListenerAddresses {

    private final Set<String> taken = new HashSet<>();

    void add(Listener listener, ValidationContext context) {
        var own = listener.addresses().stream()
                .filter(address -> !isAnyPort(address))
                .map(Address::display)
                .collect(Collectors.toSet());
        if (own.stream().anyMatch(taken::contains)) {
            context.problem("error adding listener: '" + listener.name() + "' has duplicate address '"
                    + listener.addresses().stream().map(Address::display).collect(Collectors.joining(","))
                    + "' as existing listener, to check if the listener has duplicated addresses with other listeners"
                    + " or 'enable_reuse_port' is set to 'false' for the listener");
        }
        taken.addAll(own);
    }

    private static boolean isAnyPort(Address address) {
        return switch (address) {
            case Address.Socket socket -> socket.port() == 0;
            case Address.Udp udp -> udp.port() == 0;
            case Address.Pipe _ -> false;
        };
    }
}
