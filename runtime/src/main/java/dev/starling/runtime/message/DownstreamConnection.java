package dev.starling.runtime.message;

import dev.starling.runtime.proxyprotocol.ProxyHeader;
import dev.starling.runtime.tls.TlsSession;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

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

    /** Where the connection was meant to go before it was redirected; null if it was not. */
    @Nullable
    InetSocketAddress originalDestination();

    /** What an endpoint may be told of this connection, ahead of all requests. */
    ProxyHeader proxyHeader();

    /** The JA3 fingerprint of the client's ClientHello; empty if there is none. */
    String ja3();

    /** The JA4 fingerprint of the client's ClientHello; empty if there is none. */
    String ja4();

    /** The client's IP address without port, as text. */
    String remoteIp();

    /** Whether the transport is TLS. */
    default boolean secure() {
        return tls() != null;
    }

    /** What is known of the connection's TLS; null if it is not secured. */
    @Nullable
    TlsSession tls();

    /** No further requests are taken on this connection after this response. */
    void closeAfterResponse();

    /** The name of the filter chain that serves it. */
    String filterChainName();
}
