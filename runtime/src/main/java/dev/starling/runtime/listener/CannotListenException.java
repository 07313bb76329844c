package dev.starling.runtime.listener;

import dev.starling.config.Address;
import java.io.IOException;
import java.io.Serial;

/** An address cannot be listened on. The message is Envoy's, fit to be the one line an operator sees. */
public final class CannotListenException extends IOException {

    @Serial
    private static final long serialVersionUID = 1L;

    CannotListenException(Address address, Throwable cause) {
        super("cannot bind '" + address.display() + "': " + reason(cause), cause);
    }

    /** What the system said, without the name of the call that Netty puts before it. */
    private static String reason(Throwable cause) {
        String text = String.valueOf(cause.getMessage());
        int call = text.startsWith("bind(") ? text.lastIndexOf(": ") : -1;
        return call < 0 ? text : text.substring(call + 2);
    }
}
