package dev.starling.tests.envoy;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.Closeable;
import java.io.IOException;
import java.net.Socket;

/**
 * An upstream that notes every byte it gets and answers each request head with the bytes of the case. {@code <close>} at
 * the end of the answer closes the connection, {@code <reset>} resets it; an empty answer says nothing.
 */
final class ScriptedUpstream implements Closeable {

    private final SocketServer server = new SocketServer(this::serve);

    @SuppressWarnings("JdkObsolete") // each connection's thread adds to it and the test reads it
    private final StringBuffer received = new StringBuffer();

    private volatile String answer = "";
    private final boolean afterBody;

    /** @param afterBody whether a chunked body is waited for before the answer */
    ScriptedUpstream(boolean afterBody) throws IOException {
        this.afterBody = afterBody;
    }

    int port() {
        return server.port();
    }

    /** From now on each request gets this; what was received is forgotten. */
    void answer(String bytes) {
        received.setLength(0);
        answer = bytes;
    }

    String received() {
        return received.toString();
    }

    /** Ends all connections, so that the next case begins with none. */
    void drop() throws IOException {
        server.drop();
    }

    private void serve(Socket socket) throws IOException {
        StringBuilder head = new StringBuilder();
        boolean inBody = false;
        for (int b = socket.getInputStream().read();
                b >= 0;
                b = socket.getInputStream().read()) {
            received.append((char) b);
            head.append((char) b);
            if (head.length() > 4 && head.substring(head.length() - 4).equals("\r\n\r\n")) {
                boolean request = head.indexOf(" HTTP/1.") > 0;
                boolean body = request && afterBody && head.indexOf("transfer-encoding: chunked") > 0;
                boolean ended = inBody && head.lastIndexOf("0\r\n\r\n") == head.length() - 5;
                if (inBody && !ended) {
                    continue; // part of a message
                }
                head.setLength(0);
                inBody = body;
                if ((request || ended) && !body && !send(socket, answer)) {
                    return;
                }
            }
        }
    }

    private static boolean send(Socket socket, String text) throws IOException {
        boolean close = text.endsWith("<close>");
        boolean reset = text.endsWith("<reset>");
        String bytes = close || reset ? text.substring(0, text.lastIndexOf('<')) : text;
        socket.getOutputStream().write(bytes.getBytes(ISO_8859_1));
        if (reset) {
            socket.setSoLinger(true, 0);
        }
        return !close && !reset;
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
