package dev.starling.tests.envoy;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.netty.pkitesting.X509Bundle;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.security.GeneralSecurityException;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/** A client of Java's TLS, which takes whatever certificate it is shown and notes what it sees. */
final class TlsPeer {

    private static final int PATIENCE_MILLIS = 3000;

    /** How long a server is given that does not like what it was shown: clients of TLS 1.3 are through before it looks. */
    private static final int OBJECTION_MILLIS = 40;

    private static final String HTTP_2 = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\4\0\0\0\0\0";

    private final @Nullable X509Bundle identity;
    private final SSLContext context;
    private final List<Consumer<SSLParameters>> settings = new ArrayList<>();
    private boolean waits;

    /** Shows this, whoever issued it, or nothing. */
    TlsPeer(@Nullable X509Bundle identity) {
        this.identity = identity;
        this.context = context(identity);
        this.waits = identity != null;
    }

    private static SSLContext context(@Nullable X509Bundle identity) {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            KeyManager[] keys = identity == null ? new KeyManager[0] : new KeyManager[] {new Shows(identity)};
            context.init(keys, new TrustManager[] {new TakesAny()}, null);
            return context;
        } catch (GeneralSecurityException impossible) {
            throw new AssertionError(impossible);
        }
    }

    /** The same, which knows no sessions yet. */
    TlsPeer fresh() {
        TlsPeer another = new TlsPeer(identity);
        another.settings.addAll(settings);
        another.waits = waits;
        return another;
    }

    TlsPeer() {
        this(null);
    }

    private TlsPeer with(Consumer<SSLParameters> setting) {
        settings.add(setting);
        return this;
    }

    TlsPeer sni(String name) {
        return with(parameters -> parameters.setServerNames(List.of(new SNIHostName(name.getBytes(ISO_8859_1)))));
    }

    TlsPeer alpn(String... protocols) {
        return with(parameters -> parameters.setApplicationProtocols(protocols));
    }

    TlsPeer versions(String... versions) {
        return with(parameters -> parameters.setProtocols(versions));
    }

    TlsPeer suites(String... suites) {
        return with(parameters -> parameters.setCipherSuites(suites));
    }

    TlsPeer groups(String... groups) {
        return with(parameters -> parameters.setNamedGroups(groups));
    }

    TlsPeer signatures(String... schemes) {
        return with(parameters -> parameters.setSignatureSchemes(schemes));
    }

    /** Waits before it asks whether the server objects to something. */
    TlsPeer patient() {
        waits = true;
        return this;
    }

    /** Handshakes, asks, hears the answer, and tells all of it. */
    String visit(InetSocketAddress address, String request) throws IOException {
        StringBuilder seen = new StringBuilder();
        try (Socket plain = new Undaunted(address);
                SSLSocket socket = (SSLSocket)
                        context.getSocketFactory().createSocket(plain, "127.0.0.1", address.getPort(), true)) {
            SSLParameters parameters = socket.getSSLParameters();
            settings.forEach(setting -> setting.accept(parameters));
            socket.setSSLParameters(parameters);
            socket.setSoTimeout(PATIENCE_MILLIS);
            try {
                socket.startHandshake();
                seen.append(agreed(socket));
                converse(socket, request, seen);
            } catch (IOException failure) {
                seen.append(told(failure));
            }
        }
        return seen.toString();
    }

    /** What it tells of a conversation that ends so. */
    static String told(IOException failure) throws IOException {
        return switch (failure) {
            case SSLException refusal -> "fails: " + refusal.getMessage();
            case SocketTimeoutException _ -> "<open>";
            case SocketException _ -> "<reset>";
            default -> throw failure;
        };
    }

    private static String agreed(SSLSocket socket) throws IOException {
        X509Certificate shown = (X509Certificate) socket.getSession().getPeerCertificates()[0];
        return socket.getSession().getProtocol() + " " + socket.getSession().getCipherSuite() + " alpn="
                + socket.getApplicationProtocol() + " shown " + shown.getSubjectX500Principal() + "\n";
    }

    private void converse(SSLSocket socket, String request, StringBuilder seen) throws IOException {
        InputStream in = socket.getInputStream();
        if (waits) {
            socket.setSoTimeout(OBJECTION_MILLIS);
            try {
                int first = in.read();
                seen.append(first < 0 ? "<end>" : "speaks first");
                return;
            } catch (SocketTimeoutException contentment) {
                socket.setSoTimeout(PATIENCE_MILLIS);
            }
        }
        boolean isHttp2 = "h2".equals(socket.getApplicationProtocol());
        socket.getOutputStream().write((isHttp2 ? HTTP_2 : request).getBytes(ISO_8859_1));
        if (isHttp2) {
            byte[] frame = in.readNBytes(9);
            seen.append("answers with a frame of type ").append(frame.length == 9 ? frame[3] : -1);
        } else {
            for (int b = in.read(); b >= 0; b = in.read()) {
                seen.append((char) b);
            }
            seen.append("<end>");
        }
    }

    /** Goes on when nobody listens any more, and so hears what was said before that. */
    private static final class Undaunted extends Socket {

        Undaunted(InetSocketAddress address) throws IOException {
            super(address.getAddress(), address.getPort());
        }

        @Override
        public OutputStream getOutputStream() throws IOException {
            return new FilterOutputStream(super.getOutputStream()) {
                @Override
                public void write(byte[] bytes, int offset, int length) {
                    try {
                        out.write(bytes, offset, length);
                    } catch (IOException nobodyListens) {
                        // what was said is still there to be read
                    }
                }
            };
        }
    }

    /** Shows one certificate, to whom and for what it may be. */
    private static final class Shows extends X509ExtendedKeyManager {

        private static final String ONLY = "only";

        private final X509Bundle identity;

        Shows(X509Bundle identity) {
            this.identity = identity;
        }

        @Override
        public String chooseEngineClientAlias(String[] types, Principal @Nullable [] issuers, SSLEngine engine) {
            return ONLY;
        }

        @Override
        public String chooseClientAlias(String[] types, Principal @Nullable [] issuers, Socket socket) {
            return ONLY;
        }

        @Override
        public String chooseServerAlias(String type, Principal @Nullable [] issuers, Socket socket) {
            return ONLY;
        }

        @Override
        public String[] getClientAliases(String type, Principal @Nullable [] issuers) {
            return new String[] {ONLY};
        }

        @Override
        public String[] getServerAliases(String type, Principal @Nullable [] issuers) {
            return new String[] {ONLY};
        }

        @Override
        public X509Certificate[] getCertificateChain(String alias) {
            return identity.getCertificatePath();
        }

        @Override
        public PrivateKey getPrivateKey(String alias) {
            return identity.getKeyPair().getPrivate();
        }
    }

    private static final class TakesAny extends X509ExtendedTrustManager {

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }

    /** A context for a server that shows this and takes any certificate of clients. */
    static SSLContext server(X509Bundle identity) {
        return context(identity);
    }
}
