package dev.starling.tests.envoy;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;

/**
 * An upstream of HTTP that answers with its name and closes. It says nothing to what is called {@code /impatient} or {@code
 * /slow}, and 500 to what is called {@code /broken}.
 */
final class NamedUpstream implements Closeable {

    private final String name;
    private final SocketServer server;
    private volatile boolean well = true;

    NamedUpstream(String name) throws IOException {
        this.name = name;
        this.server = new SocketServer(this::serve);
    }

    int port() {
        return server.port();
    }

    /** What health checks are told from now on. */
    void well(boolean isWell) {
        well = isWell;
    }

    private void serve(Socket socket) throws IOException {
        var in = new BufferedReader(new InputStreamReader(socket.getInputStream(), ISO_8859_1));
        String line = in.readLine();
        if (line == null) {
            return;
        }
        for (String header = in.readLine(); header != null && !header.isEmpty(); header = in.readLine()) {
            // they do not matter
        }
        String path = line.split(" ", 3)[1];
        if (path.equals("/impatient") || path.equals("/slow")) {
            in.readLine();
            return;
        }
        boolean bad = path.equals("/broken") || (path.equals("/health") && !well);
        socket.getOutputStream()
                .write(("HTTP/1.1 " + (bad ? "500 Bad" : "200 OK") + "\r\ncontent-length: " + name.length()
                                + "\r\nconnection: close\r\n\r\n" + name)
                        .getBytes(ISO_8859_1));
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
