package dev.starling.runtime.message;

import java.net.SocketAddress;

/** A client's connection, as exchanges and logs see it. */
public interface DownstreamConnection {

    /** Unique in this process. */
    long id();

    SocketAddress localAddress();

    /** The client, as proxies in front may have told the listener. */
    SocketAddress remoteAddress();

    /** The peer of the socket. */
    SocketAddress directRemoteAddress();

    /** The server name that the client asked for in its ClientHello; empty if not known. */
    String serverName();

    /** The client's IP address without port, as text. */
    String remoteIp();

    /** Whether the transport is TLS. */
    boolean secure();

    /** No further requests are taken on this connection after this response. */
    void closeAfterResponse();

    /** The name of the filter chain that serves it. */
    String filterChainName();
}
