package dev.starling.launcher.training;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** A client of HTTP/1.1 on one connection, which takes its time from nobody: an answer that does not come is an error. */
final class Visitor implements AutoCloseable {

    private static final int TIMEOUT_MILLIS = 10_000;

    private final Socket socket = new Socket();
    private final InputStream in;

    Visitor(InetSocketAddress address) throws IOException {
        try {
            socket.setSoTimeout(TIMEOUT_MILLIS);
            socket.setTcpNoDelay(true);
            socket.connect(address, TIMEOUT_MILLIS);
            in = new BufferedInputStream(socket.getInputStream());
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    /**
     * The body of the answer.
     *
     * @param request whole, and not {@code HEAD}, which is {@link #head}
     * @throws IOException if the answer is an error too
     */
    String ask(String request) throws IOException {
        write(request);
        int length = answeredLength();
        byte[] body = in.readNBytes(length);
        if (body.length < length) {
            throw closedTooSoon();
        }
        return new String(body, StandardCharsets.UTF_8);
    }

    String get(String path) throws IOException {
        return ask("GET " + path + " HTTP/1.1\r\nHost: demo\r\nUser-Agent: training\r\nAccept: */*\r\n\r\n");
    }

    /** As {@link #ask}, for an answer without a body. */
    void head(String request) throws IOException {
        write(request);
        answeredLength();
    }

    /** As {@link #ask}, for an answer that ends with its connection. */
    void last(String request) throws IOException {
        write(request);
        checked(line());
        in.readAllBytes();
    }

    private void write(String request) throws IOException {
        socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
    }

    /** The upstreams give lengths, so that is all this reads; interim answers are passed over. */
    private int answeredLength() throws IOException {
        String status = line();
        int length = 0;
        for (String header = line(); !header.isEmpty(); header = line()) {
            if (header.regionMatches(true, 0, "content-length:", 0, 15)) {
                length = Integer.parseInt(header.substring(15).trim());
            }
        }
        if (status.startsWith("HTTP/1.1 100")) {
            return answeredLength();
        }
        checked(status);
        return length;
    }

    private static void checked(String status) throws IOException {
        if (!status.startsWith("HTTP/1.1 200")) {
            throw new IOException("the proxy answered " + status);
        }
    }

    private static IOException closedTooSoon() {
        return new IOException("the proxy closed a connection in the middle of an answer");
    }

    private String line() throws IOException {
        var line = new StringBuilder();
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0) {
                throw closedTooSoon();
            }
            if (c != '\r') {
                line.append((char) c);
            }
        }
        return line.toString();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
