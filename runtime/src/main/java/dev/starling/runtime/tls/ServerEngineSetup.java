package dev.starling.runtime.tls;

import dev.starling.config.tls.DownstreamTls.Tickets;
import dev.starling.config.tls.TlsParameters;
import io.netty.handler.ssl.ReferenceCountedOpenSslEngine;
import io.netty.internal.tcnative.SSL;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;

/** What each engine of a server is told. */
record ServerEngineSetup(TlsProvider provider, TlsParameters parameters, Tickets tickets, boolean preferClientCiphers)
        implements TlsContext.EngineSetup {

    @Override
    public void prepare(SSLEngine engine, String serverName) {
        if (engine instanceof ReferenceCountedOpenSslEngine openSsl) {
            long ssl = openSsl.sslPointer();
            groupSuites(ssl);
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
            settings.setNamedGroups(JdkGroups.of(parameters.ecdhCurves()));
            engine.setSSLParameters(settings);
        }
    }

    /** Netty has no words for groups of equal preference. */
    private void groupSuites(long ssl) {
        if (parameters.cipherSuites().stream().anyMatch(suite -> suite.startsWith("["))) {
            try {
                SSL.setCipherSuites(ssl, String.join(":", parameters.cipherSuites()), false);
            } catch (Exception refused) { // what tcnative declares; validation knows all the words
                throw new IllegalStateException("cipher suites " + parameters.cipherSuites(), refused);
            }
        }
    }
}
