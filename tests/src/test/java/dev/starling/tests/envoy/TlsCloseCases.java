package dev.starling.tests.envoy;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLSocket;

/** Clients that end their direction of the connection, of TLS or of TCP, and then listen. */
final class TlsCloseCases {

    private static final String LISTENER = "closing";
    private static final int PATIENCE_MILLIS = 3000;

    private TlsCloseCases() {}

    static List<TlsListener> listeners() {
        return List.of(TlsListener.common(LISTENER, TlsListener.SERVER));
    }

    static List<TlsCase> cases(TlsFiles files) {
        String kept = TlsCase.DIRECT.replace("connection: close\r\n", "");
        List<TlsCase> cases = new ArrayList<>();
        for (String version : List.of("TLSv1.2", "TLSv1.3")) {
            for (boolean ofTls : new boolean[] {true, false}) {
                String how = (ofTls ? "ends TLS" : "ends TCP") + " with " + version;
                cases.add(ends(files, how + " after nothing", version, ofTls, ""));
                cases.add(ends(files, how + " within a request", version, ofTls, "GET /direct HTTP/1.1\r\nhost"));
                cases.add(ends(files, how + " after an answer", version, ofTls, kept));
            }
        }
        return cases;
    }

    private static TlsCase ends(TlsFiles files, String about, String version, boolean ofTls, String request) {
        return new TlsCase(LISTENER, LISTENER + ": " + about, address -> {
            StringBuilder seen = new StringBuilder();
            try (Socket plain = new Socket(address.getAddress(), address.getPort());
                    SSLSocket socket = (SSLSocket) TlsPeer.server(files.identity("good"))
                            .getSocketFactory()
                            .createSocket(plain, "127.0.0.1", address.getPort(), true)) {
                socket.setEnabledProtocols(new String[] {version});
                socket.setSoTimeout(PATIENCE_MILLIS);
                socket.startHandshake();
                socket.getOutputStream().write(request.getBytes(ISO_8859_1));
                if (request.endsWith("\r\n\r\n")) {
                    while (seen.indexOf("\r\n\r\ndirect") < 0) {
                        seen.append((char) socket.getInputStream().read());
                    }
                }
                if (ofTls) {
                    socket.shutdownOutput();
                } else {
                    plain.shutdownOutput();
                }
                hear(socket, seen);
            }
            return seen.toString();
        });
    }

    private static void hear(SSLSocket socket, StringBuilder seen) throws IOException {
        try {
            for (int b = socket.getInputStream().read();
                    b >= 0;
                    b = socket.getInputStream().read()) {
                seen.append((char) b);
            }
            seen.append("<end>");
        } catch (IOException failure) {
            seen.append(TlsPeer.told(failure));
        }
    }
}
