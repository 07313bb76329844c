package dev.starling.tests.envoy;

import java.io.Closeable;
import java.io.IOException;
import java.net.Socket;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * An HTTP/2 upstream that answers each request as its path says, or the n-th as the n-th of the answers that it was given, and
 * notes what it is told. With {@code ~} before it an answer waits until the request is complete.
 */
final class PathScriptedUpstream implements Closeable {

    private static final long PONG_NANOS = 1_000_000_000;

    private final List<String> received = new CopyOnWriteArrayList<>();

    private final Set<Connection> open = ConcurrentHashMap.newKeySet();
    private final SocketServer server;
    private volatile List<String> answers = List.of();
    private final AtomicInteger requests = new AtomicInteger();

    /** Counts the answers to our pings; everything that came before them has been noted. */
    private static final class Connection {

        final Http2Wire wire;
        final AtomicInteger pongs = new AtomicInteger();

        Connection(Http2Wire wire) {
            this.wire = wire;
        }
    }

    PathScriptedUpstream() throws IOException {
        this(0);
    }

    /** On that port, or a free one if it is 0. */
    PathScriptedUpstream(int port) throws IOException {
        this.server = new SocketServer(port, this::serve);
    }

    int port() {
        return server.port();
    }

    /** The n-th request gets the n-th of these, and further ones the last; what was received is forgotten. */
    void answers(List<String> all) {
        received.clear();
        requests.set(0);
        answers = all;
    }

    /** How many requests have come since answers were given. */
    int count() {
        return requests.get();
    }

    int connections() {
        return open.size();
    }

    private String word(String path) {
        int number = requests.getAndIncrement();
        return answers.isEmpty() ? path : answers.get(Math.min(number, answers.size() - 1));
    }

    List<String> takeReceived() {
        List<String> all = List.copyOf(received);
        received.clear();
        return all;
    }

    boolean hasReceived(String text) {
        return received.stream().anyMatch(each -> each.contains(text));
    }

    /** Waits until all has been noted that proxies have sent. */
    void catchUp() {
        for (Connection connection : open) {
            int before = connection.pongs.get();
            try {
                connection.wire.ping();
            } catch (IOException closed) {
                // its end is noted then
            }
            long deadline = System.nanoTime() + PONG_NANOS;
            while (open.contains(connection) && connection.pongs.get() == before && System.nanoTime() < deadline) {
                Thread.onSpinWait();
            }
        }
    }

    private void serve(Socket socket) throws IOException {
        Http2Wire wire = new Http2Wire(socket);
        wire.accept();
        Connection connection = new Connection(wire);
        open.add(connection);
        try {
            read(socket, connection);
            received.add("end");
        } finally {
            open.remove(connection);
        }
    }

    private void read(Socket socket, Connection connection) throws IOException {
        Http2Wire wire = connection.wire;
        Map<Integer, String> paths = new HashMap<>();
        Map<Integer, String> later = new HashMap<>();
        for (Optional<Http2Wire.Frame> next = wire.next(); next.isPresent(); next = wire.next()) {
            Http2Wire.Frame frame = next.get();
            switch (frame.type()) {
                case Http2Peer.HEADERS -> {
                    if (paths.putIfAbsent(frame.stream(), path(frame.text())) == null) {
                        received.add("request " + frame.ends() + "\n" + frame.text());
                        String word = word(path(frame.text()));
                        if (word.startsWith("~")) {
                            later.put(frame.stream(), word.substring(1));
                        } else if (word.endsWith("/all")) {
                            answerAll(wire, paths);
                        } else {
                            answer(socket, wire, frame.stream(), word);
                        }
                    } else {
                        received.add("trailers\n" + frame.text());
                    }
                }
                case Http2Peer.DATA -> received.add("data " + frame.text());
                case Http2Peer.PING -> {
                    if ((frame.flags() & Http2Peer.ACK) == 0) {
                        received.add("ping");
                    } else {
                        connection.pongs.incrementAndGet();
                    }
                }
                case Http2Peer.RST_STREAM -> received.add("reset " + frame.number());
                default -> {}
            }
            if (frame.ends() && later.containsKey(frame.stream())) {
                answer(socket, wire, frame.stream(), later.remove(frame.stream()));
            }
            if (frame.ends() && paths.getOrDefault(frame.stream(), "").startsWith("/whole")) {
                wire.headers(frame.stream(), false, ":status: 200", "x: y");
                wire.data(frame.stream(), "hello", false);
                wire.headers(frame.stream(), true, "tr: v");
            }
        }
    }

    /** The request for that, and those for what is never answered else. */
    private static void answerAll(Http2Wire wire, Map<Integer, String> paths) throws IOException {
        for (var each : paths.entrySet()) {
            if (each.getValue().endsWith("/never") || each.getValue().endsWith("/all")) {
                respond(wire, each.getKey(), "hello", ":status: 200");
            }
        }
    }

    private static String path(String head) {
        int at = head.indexOf(":path: ") + 7;
        int end = head.indexOf('\n', at);
        return head.substring(at, end < 0 ? head.length() : end);
    }

    private static void answer(Socket socket, Http2Wire wire, int stream, String path) throws IOException {
        String[] words = path.substring(path.lastIndexOf('/') + 1).split("-", -1);
        int code = words.length > 1 && words[1].matches("\\d+") ? Integer.parseInt(words[1]) : 0;
        switch (words[0]) {
            case "ok" -> respond(wire, stream, "hello", ":status: 200", "x: y");
            case "empty" -> wire.headers(stream, true, ":status: 204");
            case "status" -> wire.headers(stream, true, ":status: " + words[1]);
            case "grpc" ->
                wire.headers(
                        stream, true, ":status: 200", "content-type: application/grpc", "grpc-status: " + words[1]);
            case "grpctrailers" -> {
                wire.headers(stream, false, ":status: 200", "content-type: application/grpc");
                wire.headers(stream, true, "grpc-status: " + words[1]);
            }
            case "rst" -> wire.reset(stream, code);
            case "part" -> {
                wire.headers(stream, false, ":status: 200");
                wire.data(stream, "part", false);
                if (code == 99) {
                    socket.close();
                } else {
                    wire.reset(stream, code);
                }
            }
            case "close" -> socket.close();
            case "nostatus" -> wire.headers(stream, true, "x: y");
            case "twostatus" -> wire.headers(stream, true, ":status: 200", ":status: 200");
            case "otherpseudo" -> wire.headers(stream, true, ":status: 200", ":path: /");
            case "latestatus" -> wire.headers(stream, true, "x: y", ":status: 200");
            case "connection" -> wire.headers(stream, true, ":status: 200", "connection: close");
            case "keepalive" -> wire.headers(stream, true, ":status: 200", "keep-alive: x");
            case "chunked" -> wire.headers(stream, true, ":status: 200", "transfer-encoding: chunked");
            case "te" -> wire.headers(stream, true, ":status: 200", "te: trailers");
            case "length" -> respond(wire, stream, "hello", ":status: 200", "content-length: " + words[1]);
            case "lengths" -> respond(wire, stream, "hello", ":status: 200", "content-length: 5", "content-length: 5");
            case "lengthend" -> wire.headers(stream, true, ":status: " + words[1], "content-length: " + words[2]);
            case "body" -> respond(wire, stream, "hello", ":status: " + words[1]);
            case "upper" -> wire.headers(stream, true, ":status: 200", "X-Up: y");
            case "info" -> {
                wire.headers(stream, false, ":status: " + words[1], "link: </a>");
                respond(wire, stream, "hello", ":status: 200");
            }
            case "infoend" -> wire.headers(stream, true, ":status: 103");
            case "twofinal" -> {
                wire.headers(stream, false, ":status: 200");
                wire.headers(stream, false, ":status: 200");
            }
            case "datafirst" -> wire.data(stream, "hello", true);
            case "trailers" -> {
                wire.headers(stream, false, ":status: 200");
                wire.data(stream, "hello", false);
                wire.headers(stream, true, "tr: v");
            }
            case "pseudotrailers" -> {
                wire.headers(stream, false, ":status: 200");
                wire.headers(stream, true, ":status: 200", "tr: v");
            }
            case "openttrailers" -> {
                wire.headers(stream, false, ":status: 200");
                wire.headers(stream, false, "tr: v");
            }
            case "many" -> wire.headers(stream, true, fields(code, "v"));
            case "large" -> wire.headers(stream, true, fields(code, "v".repeat(1000)));
            case "goaway" -> wire.goAway(0, code);
            case "begun" -> wire.headers(stream, false, ":status: 200");
            case "last" -> {
                wire.goAway(code, 0);
                respond(wire, Math.min(code, stream), "hello", ":status: 200");
            }
            case "allows" -> {
                respond(wire, stream, "hello", ":status: 200");
                wire.allowStreams(code);
            }
            case "okgoaway" -> {
                respond(wire, stream, "hello", ":status: 200");
                wire.goAway(stream, 0);
            }
            case "idle" -> wire.data(stream + 100, "x", false);
            case "garbage" -> wire.write("HTTP/1.1 400 Bad Request\r\n\r\n");
            default -> {} // never answered
        }
    }

    private static void respond(Http2Wire wire, int stream, String body, String... head) throws IOException {
        wire.headers(stream, false, head);
        wire.data(stream, body, true);
    }

    private static String[] fields(int count, String value) {
        String[] all = new String[1 + count];
        all[0] = ":status: 200";
        for (int i = 1; i <= count; i++) {
            all[i] = "x" + i + ": " + value;
        }
        return all;
    }

    /** Ends all connections, so that the next case begins with none. */
    void drop() throws IOException {
        server.drop();
    }

    /** Takes no further connections. */
    void refuse() throws IOException {
        server.refuse();
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
