package dev.starling.xds.relay;

import com.google.protobuf.Any;
import dev.starling.xds.resource.Held;
import java.util.List;

/**
 * One resource as clients get it.
 *
 * @param version of its content alone, so that it is the same whoever relays it, and after a restart
 * @param message as it was received and accepted
 */
record ServedResource(String name, String version, List<String> aliases, Any message) {

    ServedResource {
        aliases = List.copyOf(aliases);
    }

    static ServedResource of(Held<?> held) {
        return new ServedResource(held.name(), Long.toHexString(held.hash()), held.aliases(), held.message());
    }
}
