package dev.starling.tests.envoy;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.util.List;
import java.util.function.Predicate;

/** An upstream's end of a connection, which speaks HTTP/1.1 as it is told to and writes what it gets to a journal. */
final class Http2Upstream implements AutoCloseable {

    private static final int PATIENCE_MILLIS = 3000;

    /** How long something that does not come is waited for. */
    private static final int SILENCE_MILLIS = 60;

    private final String name;
    private final Socket socket;
    private final List<String> journal;

    Http2Upstream(String name, Socket socket, List<String> journal) throws IOException {
        this.name = name;
        this.socket = socket;
        this.journal = journal;
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(PATIENCE_MILLIS);
    }

    private Http2Upstream note(String text) {
        journal.add(name + " gets " + text);
        return this;
    }

    /** The head of a request, its lines in their order. */
    Http2Upstream head() throws IOException {
        return note(head(read(text -> text.endsWith("\r\n\r\n"))));
    }

    /** What is behind the head up to some text. */
    Http2Upstream to(String text) throws IOException {
        return note(read(got -> got.endsWith(text)));
    }

    Http2Upstream get(int bytes) throws IOException {
        return note(read(got -> got.length() == bytes));
    }

    /** Everything until the end. */
    Http2Upstream rest() throws IOException {
        return note(read(got -> false));
    }

    /** Nothing, for a while. */
    Http2Upstream listen() throws IOException {
        socket.setSoTimeout(SILENCE_MILLIS);
        note(read(got -> false));
        socket.setSoTimeout(PATIENCE_MILLIS);
        return this;
    }

    private static String head(String text) {
        return text.replace("\r\n", " | ");
    }

    private String read(Predicate<String> enough) throws IOException {
        StringBuilder got = new StringBuilder();
        try {
            while (!enough.test(got.toString())) {
                int b = socket.getInputStream().read();
                if (b < 0) {
                    return got + "<end>";
                }
                got.append((char) b);
            }
            return got.toString();
        } catch (SocketTimeoutException open) {
            return got + "<open>";
        } catch (SocketException reset) {
            return got + "<reset>";
        }
    }

    Http2Upstream send(String text) {
        try {
            socket.getOutputStream().write(text.getBytes(ISO_8859_1));
        } catch (IOException gone) {
            journal.add(name + " cannot send");
        }
        return this;
    }

    Http2Upstream leave() throws IOException {
        socket.close();
        return this;
    }

    Http2Upstream abort() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
        return this;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
