package dev.starling.runtime.message;

import dev.starling.runtime.accesslog.ConnectionView;
import dev.starling.runtime.proxyprotocol.ProxyHeader;

/** A client's connection, as exchanges and logs see it. */
public interface DownstreamConnection extends ConnectionView {

    /** What an endpoint may be told of this connection, ahead of all requests. */
    ProxyHeader proxyHeader();

    /** The client's IP address without port, as text. */
    String remoteIp();

    /** Whether the transport is TLS. */
    default boolean secure() {
        return tls() != null;
    }

    /** No further requests are taken on this connection after this response. */
    void closeAfterResponse();
}
