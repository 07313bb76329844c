package dev.starling.bench.xds;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** An HTTP/1.1 server on all loopback addresses that answers each request with the same word, until the process ends. */
final class Upstream {

    private static final int BACKLOG = 1024;

    private final ServerSocket socket;
    private final byte[] answer;

    private Upstream(ServerSocket socket, String word) {
        this.socket = socket;
        this.answer = "HTTP/1.1 200 OK\r\ncontent-length: %d\r\n\r\n%s"
                .formatted(word.length(), word)
                .getBytes(StandardCharsets.ISO_8859_1);
    }

    static Upstream start(String word) throws IOException {
        var upstream = new Upstream(new ServerSocket(0, BACKLOG), word);
        Thread.startVirtualThread(upstream::accept);
        return upstream;
    }

    int port() {
        return socket.getLocalPort();
    }

    private void accept() {
        while (true) {
            try {
                Socket connection = socket.accept();
                if (!connection.getInetAddress().isLoopbackAddress()) {
                    connection.close();
                    continue;
                }
                Thread.startVirtualThread(() -> serve(connection));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private void serve(Socket connection) {
        try (connection) {
            connection.setTcpNoDelay(true);
            var in =
                    new BufferedReader(new InputStreamReader(connection.getInputStream(), StandardCharsets.ISO_8859_1));
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                if (line.isEmpty()) {
                    connection.getOutputStream().write(answer);
                }
            }
        } catch (IOException e) {
            // the proxy has dropped an endpoint's connection
        }
    }
}
