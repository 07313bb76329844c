package dev.starling.runtime.listener;

import dev.starling.runtime.network.ConnectionOwner;
import dev.starling.runtime.tls.TlsFailure;
import dev.starling.runtime.tls.TlsSession;

/** A connection on its way to its filter chain, which may have to be secured first. Confined to its loop. */
interface AcceptedConnection extends ConnectionOwner {

    /** The handshake is over. */
    void secured(TlsSession session);

    /** The handshake has failed: the filter chain will not hear of the connection. */
    void notSecured(TlsFailure failure);
}
