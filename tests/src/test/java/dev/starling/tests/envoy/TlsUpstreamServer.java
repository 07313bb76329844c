package dev.starling.tests.envoy;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.netty.pkitesting.X509Bundle;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.function.Consumer;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;

/** An upstream of Java's TLS, whose answers tell what it was asked for in the handshake, and by whom. */
final class TlsUpstreamServer implements Closeable {

    private final SSLServerSocket server;

    TlsUpstreamServer(X509Bundle identity, Consumer<SSLParameters> settings) throws IOException {
        server = (SSLServerSocket) TlsPeer.server(identity)
                .getServerSocketFactory()
                .createServerSocket(0, 64, InetAddress.getLoopbackAddress());
        SSLParameters parameters = server.getSSLParameters();
        settings.accept(parameters);
        server.setSSLParameters(parameters);
        Thread.ofPlatform().daemon().start(this::accept);
    }

    int port() {
        return server.getLocalPort();
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                SSLSocket socket = (SSLSocket) server.accept();
                Thread.ofPlatform().daemon().start(() -> serve(socket));
            } catch (IOException over) {
                return;
            }
        }
    }

    private static void serve(SSLSocket socket) {
        try (socket) {
            StringBuilder offered = new StringBuilder();
            socket.setHandshakeApplicationProtocolSelector((_, protocols) -> {
                offered.append(protocols);
                return protocols.contains("http/1.1") ? "http/1.1" : null;
            });
            socket.startHandshake();
            InputStream in = socket.getInputStream();
            StringBuilder head = new StringBuilder();
            for (int b = in.read(); b >= 0; b = in.read()) {
                head.append((char) b);
                if (head.indexOf("\r\n\r\n") > 0) {
                    head.setLength(0);
                    String body = told(socket, offered.toString());
                    String answer = "HTTP/1.1 200 OK\r\ncontent-length: " + body.length() + "\r\n\r\n" + body;
                    socket.getOutputStream().write(answer.getBytes(ISO_8859_1));
                }
            }
        } catch (IOException gone) {
            // the proxy does not like it, and says so to its client
        }
    }

    private static String told(SSLSocket socket, String offered) {
        ExtendedSSLSession session = (ExtendedSSLSession) socket.getSession();
        List<String> names = session.getRequestedServerNames().stream()
                .map(name -> ((SNIHostName) name).getAsciiName())
                .toList();
        String client;
        try {
            client = ((X509Certificate) session.getPeerCertificates()[0])
                    .getSubjectX500Principal()
                    .getName();
        } catch (SSLPeerUnverifiedException none) {
            client = "nobody";
        }
        return session.getProtocol() + " " + session.getCipherSuite() + " sni=" + names + " alpn=" + offered + " from "
                + client + "\n";
    }

    @Override
    public void close() {
        try {
            server.close();
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }
}
