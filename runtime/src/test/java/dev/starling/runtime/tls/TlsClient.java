package dev.starling.runtime.tls;

import dev.starling.config.tls.DownstreamTls;
import dev.starling.config.tls.Identity;
import dev.starling.config.tls.TlsVersion;
import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/** Java's own TLS, which knows nothing of ours. */
public final class TlsClient {

    private static final int PATIENCE_MILLIS = 20_000;

    private final SSLContext context;

    /** @param identity shown if asked for; none if there is none */
    public TlsClient(Pki trusted, X509Bundle... identity) {
        try {
            // Shows what it has, whatever the server would like to see.
            KeyManager[] keys = identity.length == 0
                    ? new KeyManager[0]
                    : new KeyManager[] {
                        new IdentityKeys(
                                new IdentityChoice(
                                        List.of(Identity.load(Pki.source(identity[0]))),
                                        true,
                                        DownstreamTls.OcspPolicy.LENIENT_STAPLING,
                                        InstantSource.system()),
                                Pki.parameters(TlsVersion.TLS_1_2, TlsVersion.TLS_1_3),
                                new HandshakeNotes())
                    };
            context = SSLContext.getInstance("TLS");
            context.init(keys, trusted.authority().toTrustManagerFactory().getTrustManagers(), new SecureRandom());
        } catch (Exception failure) {
            throw new AssertionError(failure);
        }
    }

    /** Connected, the handshake not begun. */
    public SSLSocket open(InetSocketAddress address, String serverName, String... versions) throws IOException {
        SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket();
        socket.connect(address);
        socket.setSoTimeout(PATIENCE_MILLIS);
        SSLParameters parameters = socket.getSSLParameters();
        if (!serverName.isEmpty()) {
            parameters.setServerNames(List.of(new SNIHostName(serverName)));
        }
        if (versions.length > 0) {
            parameters.setProtocols(versions);
        }
        socket.setSSLParameters(parameters);
        return socket;
    }

    /** On a connection that is there already, the handshake not begun. */
    SSLSocket over(Socket connected, String version) throws IOException {
        SSLSocket socket =
                (SSLSocket) context.getSocketFactory().createSocket(connected, "localhost", connected.getPort(), true);
        socket.setSoTimeout(PATIENCE_MILLIS);
        socket.setEnabledProtocols(new String[] {version});
        return socket;
    }

    /** What comes back for this text, which is as long. */
    public static String echo(SSLSocket socket, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        socket.getOutputStream().write(bytes);
        socket.getOutputStream().flush();
        return new String(socket.getInputStream().readNBytes(bytes.length), StandardCharsets.UTF_8);
    }
}
