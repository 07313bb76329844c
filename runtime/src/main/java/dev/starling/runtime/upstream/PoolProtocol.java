package dev.starling.runtime.upstream;

import dev.starling.config.cluster.UpstreamHttp;
import dev.starling.runtime.message.Protocol;

/** What the connections of one pool speak. */
public enum PoolProtocol {
    HTTP_1,
    HTTP_2,
    /** What each connection agrees on by ALPN. */
    NEGOTIATED;

    /** What is spoken with the endpoints of a cluster on behalf of a client that speaks {@code downstream}. */
    static PoolProtocol of(UpstreamHttp options, Protocol downstream) {
        return switch (options.version()) {
            case HTTP_1 -> HTTP_1;
            case HTTP_2 -> HTTP_2;
            case BY_ALPN -> NEGOTIATED;
            case AS_DOWNSTREAM -> downstream == Protocol.HTTP_2 ? HTTP_2 : HTTP_1;
        };
    }
}
