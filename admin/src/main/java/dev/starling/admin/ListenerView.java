package dev.starling.admin;

import dev.starling.config.Address;
import java.util.List;

/**
 * A listener in service.
 *
 * @param config which version of it that is: equal to what its source has read
 * @param addresses where it accepts, with the ports it really has; the first is its own, the rest are additional
 */
public record ListenerView(String name, Object config, List<Address> addresses) {

    public ListenerView {
        addresses = List.copyOf(addresses);
        if (addresses.isEmpty()) {
            throw new IllegalArgumentException("listener " + name + " without address");
        }
    }
}
