package dev.starling.runtime.http;

import dev.starling.runtime.message.DownstreamConnection;
import dev.starling.runtime.network.ConnectionOwner;
import dev.starling.runtime.proxyprotocol.ProxyHeader;
import dev.starling.runtime.tls.TlsSession;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * A client's connection as its connection manager holds it, whatever it speaks: what exchanges see of it is what the
 * listener knows. Confined to the loop.
 */
interface ServerConnection extends DownstreamConnection {

    /** What the listener knows of it. */
    ConnectionOwner owner();

    /** Whether it has told what it speaks, and has been counted so. */
    boolean spoken();

    /** Closes as soon as no request is being answered. */
    void drain();

    /** Closes whatever is being done. */
    void closeNow();

    @Override
    default long id() {
        return owner().id();
    }

    @Override
    default SocketAddress localAddress() {
        return owner().localAddress();
    }

    @Override
    default SocketAddress remoteAddress() {
        return owner().remoteAddress();
    }

    @Override
    default SocketAddress directRemoteAddress() {
        return owner().traits().directRemote();
    }

    @Override
    default String remoteIp() {
        return owner().traits().remoteIp();
    }

    @Override
    default String serverName() {
        return owner().traits().serverName();
    }

    @Override
    default @Nullable InetSocketAddress originalDestination() {
        return owner().traits().originalDestination();
    }

    @Override
    default ProxyHeader proxyHeader() {
        return owner().traits().forUpstream();
    }

    @Override
    default String ja3() {
        return owner().traits().ja3();
    }

    @Override
    default String ja4() {
        return owner().traits().ja4();
    }

    @Override
    default @Nullable TlsSession tls() {
        return owner().tls();
    }

    @Override
    default String filterChainName() {
        return owner().filterChainName();
    }
}
