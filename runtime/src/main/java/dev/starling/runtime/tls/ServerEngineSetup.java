package dev.starling.runtime.tls;

import dev.starling.config.tls.DownstreamTls.Tickets;
import dev.starling.config.tls.TlsParameters;
import io.netty.handler.ssl.ReferenceCountedOpenSslEngine;
import io.netty.internal.tcnative.SSL;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;

/** What each engine of a server is told. */
record ServerEngineSetup(TlsParameters parameters, Tickets tickets, boolean preferClientCiphers)
        implements TlsContext.EngineSetup {

    @Override
    public void prepare(SSLEngine engine, String serverName) {
        if (engine instanceof ReferenceCountedOpenSslEngine openSsl) {
            long ssl = openSsl.sslPointer();
            // Netty turns tickets off; BoringSSL seals them under a key of its own, which it changes, where none is
            // given.
            if (tickets == Tickets.Kind.NONE) {
                SSL.setOptions(ssl, SSL.SSL_OP_NO_TICKET);
            } else {
                SSL.clearOptions(ssl, SSL.SSL_OP_NO_TICKET);
            }
            if (preferClientCiphers) {
                SSL.clearOptions(ssl, SSL.SSL_OP_CIPHER_SERVER_PREFERENCE);
            }
        } else {
            SSLParameters settings = engine.getSSLParameters();
            settings.setUseCipherSuitesOrder(!preferClientCiphers);
            JdkGroups.set(settings, parameters);
            engine.setSSLParameters(settings);
        }
    }
}
