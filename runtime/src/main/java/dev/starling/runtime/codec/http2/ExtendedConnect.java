package dev.starling.runtime.codec.http2;

import dev.starling.runtime.message.HeaderName;
import dev.starling.runtime.message.Headers;
import dev.starling.runtime.message.Protocol;
import dev.starling.runtime.message.RequestHead;
import dev.starling.runtime.message.ResponseHead;
import java.util.Locale;

/**
 * Extended CONNECT (RFC 8441) and the upgrade of HTTP/1.1 that it stands for, which is what filters and routers see, as in
 * Envoy.
 */
public final class ExtendedConnect {

    private ExtendedConnect() {}

    /** The upgrade that a request with {@code :protocol} asks for. */
    static RequestHead upgrade(
            String protocol, String path, String authority, String scheme, Headers headers, boolean endStream) {
        headers.add(HeaderName.UPGRADE, protocol);
        headers.add(HeaderName.CONNECTION, "upgrade");
        return new RequestHead(
                "GET",
                path,
                authority,
                scheme,
                Protocol.HTTP_2,
                headers,
                protocol.toLowerCase(Locale.ROOT),
                -1,
                endStream);
    }

    /** Makes of an upgrade that was granted the answer that HTTP/2 has for it. */
    public static void granted(ResponseHead response) {
        if (response.status() == 101) {
            response.status(200);
            response.headers().remove(HeaderName.UPGRADE);
            response.headers().remove(HeaderName.CONNECTION);
        }
    }

    /** Makes of an answer that HTTP/2 has for an upgrade that was granted the one that it stands for. */
    static void asUpgrade(ResponseHead response, String protocol) {
        response.status(101);
        response.headers().set(HeaderName.UPGRADE, protocol);
        response.headers().set(HeaderName.CONNECTION, "upgrade");
        response.openingTunnel();
    }
}
