package dev.starling.runtime.upstream.call;

import dev.starling.runtime.message.HeaderName;
import dev.starling.runtime.message.Headers;

/** What Envoy adds to requests of its own. */
final class OwnHeaders {

    private OwnHeaders() {}

    static void add(Headers headers, String address) {
        headers.set(HeaderName.X_ENVOY_INTERNAL, "true");
        headers.set(HeaderName.X_FORWARDED_FOR, address);
    }
}
