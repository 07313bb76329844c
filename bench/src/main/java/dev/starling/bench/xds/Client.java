package dev.starling.bench.xds;

import java.io.BufferedReader;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** Asks a proxy again and again over one connection. */
final class Client implements AutoCloseable {

    private static final byte[] REQUEST =
            "GET / HTTP/1.1\r\nhost: bench.test\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1);
    private static final String OK = "HTTP/1.1 200";
    private static final String LENGTH = "content-length:";
    private static final int PATIENCE_MILLIS = 30_000;

    private final Socket socket;
    private final BufferedReader in;

    Client(int port) throws IOException {
        socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(PATIENCE_MILLIS);
        in = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
    }

    /** The body of the answer to one request; any answer but a good one is a failure. */
    String ask() throws IOException {
        socket.getOutputStream().write(REQUEST);
        String status = line();
        if (!status.startsWith(OK)) {
            throw new IOException("answered " + status);
        }
        int length = 0;
        for (String line = line(); !line.isEmpty(); line = line()) {
            if (line.toLowerCase(Locale.ROOT).startsWith(LENGTH)) {
                length = Integer.parseInt(line.substring(LENGTH.length()).strip());
            }
        }
        char[] body = new char[length];
        for (int at = 0; at < length; at++) {
            body[at] = (char) in.read();
        }
        return new String(body);
    }

    private String line() throws IOException {
        String line = in.readLine();
        if (line == null) {
            throw new EOFException("the proxy has closed the connection");
        }
        return line;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
