package dev.starling.runtime.upstream;

import dev.starling.config.cluster.UpstreamHttp;
import dev.starling.runtime.message.Protocol;
import java.util.List;

/** What the connections of one pool speak. */
public enum PoolProtocol {
    HTTP_1("http/1.1"),
    HTTP_2("h2"),
    /** What each connection agrees on by ALPN. */
    NEGOTIATED("h2", "http/1.1");

    private final List<String> alpn;

    PoolProtocol(String... alpn) {
        this.alpn = List.of(alpn);
    }

    /** What endpoints may choose from in a TLS handshake, where the transport socket does not say. */
    public List<String> alpn() {
        return alpn;
    }

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
