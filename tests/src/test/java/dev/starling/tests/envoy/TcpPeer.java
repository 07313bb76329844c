package dev.starling.tests.envoy;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/** One side of a proxied connection: the client or the upstream. What it sees, it writes to a journal that both share. */
final class TcpPeer implements AutoCloseable {

    /** How long something may take that does come. */
    private static final int PATIENCE_MILLIS = 5000;

    /** How long a side that says nothing is listened to. */
    private static final int SILENCE_MILLIS = 100;

    private static final int CHUNK_BYTES = 64 * 1024;

    private final String name;
    private final Socket socket;
    private final List<String> journal;

    TcpPeer(String name, Socket socket, List<String> journal) throws IOException {
        this.name = name;
        this.socket = socket;
        this.journal = journal;
        socket.setSoTimeout(PATIENCE_MILLIS);
    }

    Socket socket() {
        return socket;
    }

    private void note(String what) {
        journal.add(name + " " + what);
    }

    TcpPeer send(String text) {
        try {
            socket.getOutputStream().write(text.getBytes(ISO_8859_1));
        } catch (IOException gone) {
            note("cannot send");
        }
        return this;
    }

    /** Sends so many bytes and ends, while the test goes on. */
    TcpPeer pour(int bytes) {
        Thread.ofVirtual().start(() -> {
            try {
                for (int i = 0; i < bytes / CHUNK_BYTES; i++) {
                    socket.getOutputStream().write(chunk(i));
                }
                socket.shutdownOutput();
            } catch (IOException gone) {
                // the other side sees that not all has come
            }
        });
        return this;
    }

    /** Gets all that the other side pours. */
    TcpPeer drain() throws IOException {
        int i = 0;
        byte[] got = socket.getInputStream().readNBytes(CHUNK_BYTES);
        while (Arrays.equals(got, chunk(i))) {
            i++;
            got = socket.getInputStream().readNBytes(CHUNK_BYTES);
        }
        note("drains " + (long) i * CHUNK_BYTES + (got.length == 0 ? "<end>" : " and then something else"));
        return this;
    }

    /** Differs from chunk to chunk and within one. */
    private static byte[] chunk(int number) {
        byte[] bytes = new byte[CHUNK_BYTES];
        for (int i = 0; i < CHUNK_BYTES; i++) {
            bytes[i] = (byte) (number * 31 + i * 7 + (i >> 8));
        }
        return bytes;
    }

    /** Ends its direction. */
    TcpPeer end() throws IOException {
        socket.shutdownOutput();
        return this;
    }

    /** Closes; with a reset where bytes are unread. */
    TcpPeer leave() throws IOException {
        socket.close();
        return this;
    }

    TcpPeer reset() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
        return this;
    }

    /** Gets so many bytes, or what there is before the end. */
    TcpPeer get(int bytes) {
        note("gets " + take(bytes));
        return this;
    }

    /** Gets so many bytes, which differ from run to run, and does not note them. */
    TcpPeer skip(int bytes) {
        take(bytes);
        return this;
    }

    /** Gets a head of HTTP, whose lines may come in any order, and whose date and times are not noted. */
    TcpPeer getHead() {
        StringBuilder head = new StringBuilder();
        String next = take(1);
        while (next.length() == 1) {
            head.append(next);
            next = head.indexOf("\r\n\r\n") >= 0 ? "" : take(1);
        }
        List<String> lines = new ArrayList<>(head.toString().lines().toList());
        String first = lines.isEmpty() ? "" : lines.removeFirst();
        lines.removeIf(line -> line.isEmpty() || line.startsWith("date: "));
        lines.replaceAll(line -> line.replaceFirst("(?<=service-time: )\\d+", "MS"));
        lines.sort(null);
        note("gets " + first + " " + lines + next);
        return this;
    }

    /** Gets what there is until the connection ends. */
    TcpPeer getAll() {
        return get(Integer.MAX_VALUE);
    }

    /** Hears nothing for a while, not even an end. */
    TcpPeer listen() throws IOException {
        socket.setSoTimeout(SILENCE_MILLIS);
        note("hears " + take(Integer.MAX_VALUE));
        socket.setSoTimeout(PATIENCE_MILLIS);
        return this;
    }

    private String take(int bytes) {
        StringBuilder got = new StringBuilder();
        try {
            while (got.length() < bytes) {
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
        } catch (IOException unexpected) {
            throw new AssertionError(unexpected);
        }
    }

    /** Whether the proxy has closed and not only ended its direction: then what it is sent comes back as a reset. */
    TcpPeer probe() {
        try {
            for (int i = 0; i < 2; i++) {
                socket.getOutputStream().write('?');
                Awaitility.await()
                        .pollDelay(SILENCE_MILLIS, TimeUnit.MILLISECONDS)
                        .until(() -> true);
            }
            note("finds it open");
        } catch (IOException closed) {
            note("finds it closed");
        }
        return this;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
