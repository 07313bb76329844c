package dev.starling.runtime.tls;

import dev.starling.config.tls.DownstreamTls.Tickets;
import dev.starling.config.tls.TlsParameters;
import io.netty.handler.ssl.ReferenceCountedOpenSslEngine;
import io.netty.internal.tcnative.SSL;
import java.util.List;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;

/**
 * What each engine of a server is told.
 *
 * @param groupedSuites BoringSSL's words for its suites, if there are groups of equal preference in them, for which Netty
 *     has none; else empty
 */
record ServerEngineSetup(
        TlsProvider provider,
        TlsParameters parameters,
        String groupedSuites,
        Tickets tickets,
        boolean preferClientCiphers)
        implements TlsContext.EngineSetup {

    ServerEngineSetup(TlsProvider provider, TlsParameters parameters, Tickets tickets, boolean preferClientCiphers) {
        this(provider, parameters, grouped(parameters.cipherSuites()), tickets, preferClientCiphers);
    }

    private static String grouped(List<String> suites) {
        return suites.stream().anyMatch(suite -> suite.startsWith("[")) ? String.join(":", suites) : "";
    }

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
            JdkGroups.set(settings, parameters);
            engine.setSSLParameters(settings);
        }
    }

    private void groupSuites(long ssl) {
        if (!groupedSuites.isEmpty()) {
            try {
                SSL.setCipherSuites(ssl, groupedSuites, false);
            } catch (Exception refused) { // what tcnative declares; validation knows all the words
                throw new IllegalStateException("cipher suites " + groupedSuites, refused);
            }
        }
    }
}
