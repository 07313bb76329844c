package dev.starling.runtime.http;

import dev.starling.config.Metadata;
import dev.starling.runtime.message.DownstreamConnection;
import dev.starling.runtime.network.ConnectionOwner;
import dev.starling.runtime.network.ConnectionTraits;
import dev.starling.runtime.network.InspectedConnection;
import dev.starling.runtime.proxyprotocol.ProxyHeader;
import dev.starling.runtime.tls.TlsSession;
import org.jspecify.annotations.Nullable;

/**
 * A client's connection as its connection manager holds it, whatever it speaks: what exchanges see of it is what the
 * listener knows. Confined to the loop.
 */
interface ServerConnection extends DownstreamConnection, InspectedConnection {

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
    default String filterChainName() {
        return owner().filterChainName();
    }

    @Override
    default ConnectionTraits traits() {
        return owner().traits();
    }

    /** Nothing: as in Envoy, a request's log does not know what listener filters found of its connection. */
    @Override
    default Metadata metadata() {
        return Metadata.NONE;
    }

    @Override
    default @Nullable TlsSession tls() {
        return owner().tls();
    }

    @Override
    default ProxyHeader proxyHeader() {
        return traits().forUpstream();
    }

    @Override
    default String remoteIp() {
        return traits().remoteIp();
    }
}
