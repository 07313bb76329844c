package dev.starling.tests.xds;

import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;

/** Asks over TLS, each time over a connection of its own. */
public final class SecuredClient {

    private static final int PATIENCE_MILLIS = 10_000;

    private final X509Bundle trusted;

    SecuredClient(X509Bundle trusted) {
        this.trusted = trusted;
    }

    /** One who trusts this authority, and is somebody or nobody. */
    public static SSLContext context(X509Bundle trusted, X509Bundle... self) throws IOException {
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            store.setCertificateEntry("trusted", trusted.getCertificate());
            TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
            trust.init(store);
            KeyManagerFactory keys = KeyManagerFactory.getInstance("PKIX");
            KeyStore own = KeyStore.getInstance("PKCS12");
            own.load(null, null);
            for (X509Bundle bundle : self) {
                own.setKeyEntry(
                        "self", bundle.getKeyPair().getPrivate(), new char[0], bundle.getCertificatePathWithRoot());
            }
            keys.init(own, new char[0]);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
            return context;
        } catch (java.security.GeneralSecurityException impossible) {
            throw new IOException(impossible);
        }
    }

    SSLSocket open(int port) throws IOException {
        SSLSocket socket = (SSLSocket) context(trusted).getSocketFactory().createSocket();
        socket.setSoTimeout(PATIENCE_MILLIS);
        socket.connect(new java.net.InetSocketAddress(InetAddress.getLoopbackAddress(), port), PATIENCE_MILLIS);
        socket.startHandshake();
        return socket;
    }

    /** Who answers, as the certificate says. */
    static String server(SSLSocket socket) throws IOException {
        return ((X509Certificate) socket.getSession().getPeerCertificates()[0])
                .getSubjectX500Principal()
                .getName();
    }

    /** The last line of the answer. */
    static String get(SSLSocket socket) throws IOException {
        socket.getOutputStream()
                .write("GET / HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n".getBytes(StandardCharsets.UTF_8));
        String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return answer.substring(answer.lastIndexOf('\n') + 1);
    }

    /** Who answers, and what. */
    String visit(int port) throws IOException {
        try (SSLSocket socket = open(port)) {
            return server(socket) + " " + get(socket);
        }
    }
}
