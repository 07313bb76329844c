package dev.starling.tests.envoy;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Endpoints of HTTP/1.1 that answer the n-th request of a case with its n-th answer and note each byte by byte. An answer is a
 * status with header lines behind it ({@code 503 a: b | c: d}), which get one that tells its number, and a success without any a
 * body, or all its bytes;
 * {@code <close>} and {@code <reset>} at the end of it end the connection. It comes when the request is complete, with {@code
 * <early>} before it behind the head, with {@code <hold>} before it when the test lets it go; {@code {soon}} in it is
 * the time of day in a moment, in seconds.
 */
@SuppressWarnings("JdkObsolete") // a connection's thread adds to what has come, and the test reads it
final class AttemptedEndpoints implements Closeable {

    private static final Pattern STATUS = Pattern.compile("(\\d{3})(?: (.*))?");
    private static final Pattern LENGTH = Pattern.compile("(?i)\r\ncontent-length: (\\d+)\r\n");

    private final Map<String, SocketServer> servers = new HashMap<>();
    private final List<Attempt> attempts = new CopyOnWriteArrayList<>();
    private final AtomicInteger connections = new AtomicInteger();
    private final Semaphore released = new Semaphore(0);
    private volatile List<String> answers = List.of();
    private volatile boolean dropping;

    /** A request, as far as it has come. */
    private record Attempt(String endpoint, StringBuffer bytes) {

        @Override
        public String toString() {
            return "at " + endpoint + ":\n" + bytes;
        }
    }

    AttemptedEndpoints(String... names) throws IOException {
        for (String name : names) {
            servers.put(name, new SocketServer(socket -> serve(name, socket)));
        }
    }

    int port(String name) {
        return Objects.requireNonNull(servers.get(name), name).port();
    }

    void answers(List<String> all) {
        attempts.clear();
        released.drainPermits();
        dropping = false;
        answers = all;
    }

    /** How many attempts have come since answers were given. */
    int count() {
        return attempts.size();
    }

    int connections() {
        return connections.get();
    }

    List<String> received() {
        List<String> all = new ArrayList<>();
        attempts.forEach(attempt -> all.add(attempt.toString()));
        return all;
    }

    /** Lets go of an answer that is held. */
    void release() {
        released.release();
    }

    private void serve(String name, Socket socket) throws IOException {
        connections.incrementAndGet();
        InputStream in = new BufferedInputStream(socket.getInputStream());
        Attempt attempt = null;
        try {
            for (String head = head(in); head.endsWith("\r\n\r\n"); head = head(in)) {
                attempt = new Attempt(name, new StringBuffer(ClientTalk.sortedHead(head)));
                attempts.add(attempt);
                String answer = answers.isEmpty() ? "" : answers.get(Math.min(attempts.size(), answers.size()) - 1);
                if (!answered(attempts.size(), answer, head, in, attempt.bytes, socket)) {
                    return;
                }
            }
            if (attempt != null && !dropping) {
                attempt.bytes.append("<end>");
            }
        } catch (IOException reset) {
            if (attempt != null && !dropping) {
                attempt.bytes.append("<reset>");
            }
        } finally {
            connections.decrementAndGet();
        }
    }

    /** @return whether the connection goes on */
    private boolean answered(int number, String answer, String head, InputStream in, StringBuffer into, Socket socket)
            throws IOException {
        boolean early = answer.startsWith("<early>");
        boolean open = !early || send(number, answer.substring(7), socket);
        if (!open || !body(head, in, into)) {
            return open;
        }
        if (answer.startsWith("<hold>")) {
            released.acquireUninterruptibly();
            return send(number, answer.substring(6), socket);
        }
        if (!early && !send(number, answer, socket)) {
            return false;
        }
        if (answer.startsWith("HTTP/1.1 101") || (head.startsWith("CONNECT ") && answer.startsWith("HTTP/1.1 200"))) {
            take(in, into, "\0");
        }
        return true;
    }

    private static String head(InputStream in) throws IOException {
        StringBuffer head = new StringBuffer();
        take(in, head, "\r\n\r\n");
        return head.toString();
    }

    /** @return whether it is complete */
    private static boolean body(String head, InputStream in, StringBuffer into) throws IOException {
        Matcher length = LENGTH.matcher(head);
        if (length.find()) {
            byte[] body = new byte[Integer.parseInt(length.group(1))];
            for (int at = 0; at < body.length; at++) {
                int b = in.read();
                if (b < 0) {
                    return false;
                }
                into.append((char) b);
            }
            return true;
        }
        return !head.contains("transfer-encoding: chunked") || chunks(in, into);
    }

    private static boolean chunks(InputStream in, StringBuffer into) throws IOException {
        while (true) {
            StringBuffer size = new StringBuffer();
            if (!take(in, size, "\r\n")) {
                return false;
            }
            int left = Integer.parseInt(size.toString().strip(), 16);
            if (left == 0) {
                StringBuffer end = new StringBuffer("0\r\n");
                boolean complete = take(in, end, "\r\n\r\n");
                into.append(end);
                return complete;
            }
            into.append(new String(in.readNBytes(left), ISO_8859_1)); // how it is cut into chunks means nothing
            take(in, new StringBuffer(), "\r\n");
        }
    }

    /** @return whether it came as far as that text */
    private static boolean take(InputStream in, StringBuffer into, String end) throws IOException {
        while (into.length() < end.length()
                || !into.substring(into.length() - end.length()).equals(end)) {
            int b = in.read();
            if (b < 0) {
                return false;
            }
            into.append((char) b);
        }
        return true;
    }

    private static boolean send(int number, String answer, Socket socket) throws IOException {
        boolean close = answer.endsWith("<close>");
        boolean reset = answer.endsWith("<reset>");
        String text = close || reset ? answer.substring(0, answer.lastIndexOf('<')) : answer;
        text = text.replace("{soon}", Long.toString(Instant.now().getEpochSecond() + 2));
        Matcher status = STATUS.matcher(text);
        if (status.matches()) {
            text = text(number, status.group(1), status.group(2));
        }
        socket.getOutputStream().write(text.getBytes(ISO_8859_1));
        if (reset) {
            socket.setSoLinger(true, 0);
        }
        return !close && !reset;
    }

    private static String text(int number, String status, @Nullable String lines) {
        String head = "HTTP/1.1 " + status + " x\r\nx-answer: " + number + "\r\n"
                + (lines == null ? "" : lines.replace(" | ", "\r\n") + "\r\n");
        String body = status.startsWith("2") && lines == null ? "answer " + number : "";
        return head + "content-length: " + body.length() + "\r\n\r\n" + body;
    }

    /** Ends all connections, so that the next case begins with none. */
    void drop() throws IOException {
        dropping = true;
        released.release(attempts.size());
        for (SocketServer server : servers.values()) {
            server.drop();
        }
    }

    @Override
    public void close() throws IOException {
        drop();
        for (SocketServer server : servers.values()) {
            server.close();
        }
    }
}
