package dev.starling.runtime.tls;

import dev.starling.config.tls.TlsParameters;
import io.netty.handler.ssl.ReferenceCountedOpenSslEngine;
import io.netty.internal.tcnative.SSL;
import java.nio.charset.StandardCharsets;
import java.util.List;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;

/** What each engine of a client is told: foremost the name to ask for, which providers would take for themselves. */
record ClientEngineSetup(TlsProvider provider, TlsParameters parameters, boolean resumes)
        implements TlsContext.EngineSetup {

    @Override
    public void prepare(SSLEngine engine, String serverName) {
        if (engine instanceof ReferenceCountedOpenSslEngine openSsl) {
            long ssl = openSsl.sslPointer();
            if (resumes) {
                SSL.clearOptions(ssl, SSL.SSL_OP_NO_TICKET);
            }
            if (!serverName.isEmpty()) {
                SSL.setTlsExtHostName(ssl, serverName);
            }
        } else {
            SSLParameters settings = engine.getSSLParameters();
            settings.setServerNames(names(serverName));
            JdkGroups.set(settings, parameters);
            engine.setSSLParameters(settings);
        }
    }

    /** Java refuses names that are none by the letter, such as those with an underscore; then it asks for none. */
    private static List<SNIServerName> names(String name) {
        try {
            return name.isEmpty() ? List.of() : List.of(new SNIHostName(name.getBytes(StandardCharsets.US_ASCII)));
        } catch (IllegalArgumentException refused) {
            return List.of();
        }
    }
}
