package dev.starling.runtime.accesslog;

import dev.starling.config.Metadata;
import dev.starling.runtime.tls.TlsSession;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * What logs and format strings can say of a client's connection; nothing, unless somebody knows. Confined to the
 * connection's loop.
 */
public interface ConnectionView {

    /** Nobody knows anything. */
    ConnectionView UNKNOWN = new ConnectionView() {};

    /** Unique in this process; 0 for a connection that no filter chain has served. */
    default long id() {
        return 0;
    }

    /** The name of the filter chain that serves it; empty if none does. */
    default String filterChainName() {
        return "";
    }

    /** Where the client meant to go; null if not known. */
    default @Nullable SocketAddress localAddress() {
        return null;
    }

    /** The client, as proxies in front may have told the listener; null if not known. */
    default @Nullable SocketAddress remoteAddress() {
        return null;
    }

    /** The peer of the socket; null if not known. */
    default @Nullable SocketAddress directRemoteAddress() {
        return null;
    }

    /** The server name that the client asked for in its ClientHello; empty if not known. */
    default String serverName() {
        return "";
    }

    /** Where the connection was meant to go before it was redirected; null if it was not. */
    default @Nullable InetSocketAddress originalDestination() {
        return null;
    }

    /** The JA3 fingerprint of the client's ClientHello; empty if there is none. */
    default String ja3() {
        return "";
    }

    /** The JA4 fingerprint of the client's ClientHello; empty if there is none. */
    default String ja4() {
        return "";
    }

    /** What listener filters found, by namespace. */
    default Metadata metadata() {
        return Metadata.NONE;
    }

    /** What is known of the connection's TLS; null if it is not secured. */
    default @Nullable TlsSession tls() {
        return null;
    }
}
