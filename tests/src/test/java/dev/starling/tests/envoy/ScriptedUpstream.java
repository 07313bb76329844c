package dev.starling.tests.envoy;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * An upstream that notes every byte it gets and answers each request head with the bytes of the case. {@code <close>} at
 * the end of the answer closes the connection, {@code <reset>} resets it; an empty answer says nothing.
 */
final class ScriptedUpstream implements AutoCloseable {

    private final ServerSocket server;
    private final List<Socket> open = new CopyOnWriteArrayList<>();

    @SuppressWarnings("JdkObsolete") // each connection's thread adds to it and the test reads it
    private final StringBuffer received = new StringBuffer();

    private volatile String answer = "";
    private final boolean afterBody;

    ScriptedUpstream() throws IOException {
        this(false);
    }

    /** @param afterBody whether a chunked body is waited for before the answer */
    ScriptedUpstream(boolean afterBody) throws IOException {
        this.afterBody = afterBody;
        server = new ServerSocket(0, 64, InetAddress.getLoopbackAddress());
        Thread.ofPlatform().daemon().start(this::accept);
    }

    int port() {
        return server.getLocalPort();
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
        for (Socket socket : open) {
            socket.close();
        }
        open.clear();
    }

    private void accept() {
        try {
            while (true) {
                Socket socket = server.accept();
                open.add(socket);
                Thread.ofPlatform().daemon().start(() -> serve(socket));
            }
        } catch (IOException closed) {
            // the test is over
        }
    }

    private void serve(Socket socket) {
        StringBuilder head = new StringBuilder();
        boolean inBody = false;
        try (socket) {
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
        } catch (IOException gone) {
            // the proxy closed
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
        drop();
    }
}
