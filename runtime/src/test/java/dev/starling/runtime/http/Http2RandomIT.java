package dev.starling.runtime.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.starling.healthcheck.outlier.OutlierMonitor;
import dev.starling.runtime.listener.HttpFixture;
import dev.starling.runtime.listener.ProxyFixture;
import dev.starling.runtime.network.LeakWatch;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Timeout;

/**
 * Random requests in random frames, interleaved, padded and cut anywhere, with windows that open in random steps, beside a
 * model: each request is answered once and with its own body, and no window is ever exceeded.
 */
@Timeout(60)
class Http2RandomIT {

    private static final int PADDED = 8;
    private static final int REQUESTS = 60;
    private static final int MOST_BYTES = 40_000;
    private static final int DEFAULT_WINDOW = 65_535;

    /** Below this a window is opened, but never far, so that answers wait for it. */
    private static final int LOW = 2000;

    private final LeakWatch leaks = LeakWatch.start();
    private final long seed = new Random().nextLong();
    private final Random random = new Random(seed);
    private ProxyFixture proxy;
    private InetSocketAddress address;
    private RawUpstream upstream;

    @BeforeEach
    void start() throws Exception {
        System.out.println("Http2RandomIT: seed " + seed);
        proxy = ProxyFixture.start();
        var settings = HttpFixture.settingsWithTrailers(HttpFixture.routes(HttpFixture.route("/", "up")));
        address = proxy.listen(HttpFixture.connectionManager(settings, new Outcomes()));
        upstream = new RawUpstream(Http2RandomIT::echo);
        proxy.publish(ProxyFixture.clusterWithTrailers("up"), OutlierMonitor.OFF, upstream.address());
    }

    @AfterEach
    void stop() throws Exception {
        upstream.close();
        proxy.withdraw("up");
        proxy.eventually("no upstream connection is left", () -> proxy.gauge("cluster.up.upstream_cx_active") == 0);
        proxy.close();
        assertThat(leaks.leaks()).isEmpty();
        leaks.close();
    }

    /** Answers with what was posted. */
    private static void echo(RawUpstream.Connection connection) throws IOException {
        for (String head = connection.readHead(); head != null; head = connection.readHead()) {
            StringBuilder body = new StringBuilder();
            if (head.contains("transfer-encoding: chunked")) {
                int size = Integer.parseInt(connection.readUntil("\r\n").strip(), 16);
                while (size > 0) {
                    body.append(connection.read(size));
                    connection.read(2);
                    size = Integer.parseInt(connection.readUntil("\r\n").strip(), 16);
                }
                while (!connection.readUntil("\r\n").equals("\r\n")) {
                    // trailers
                }
            }
            connection.write("HTTP/1.1 200 OK\r\ncontent-length: " + body.length() + "\r\n\r\n" + body);
        }
    }

    /** A request that has still to be sent, in part. */
    private static final class Request {
        final int stream;
        final String body;
        final boolean trailers;
        int sent;

        Request(int stream, String body, boolean trailers) {
            this.stream = stream;
            this.body = body;
            this.trailers = trailers;
        }
    }

    /** What the client knows of the connection. Both its threads hold the lock while they look. */
    private final class Model {
        private final Map<Integer, StringBuilder> answers = new TreeMap<>();
        private final Map<Integer, Integer> heads = new TreeMap<>();
        private final Map<Integer, Long> mayGet = new TreeMap<>();
        private final Map<Integer, Long> maySend = new TreeMap<>();
        private final int initial = 1 + random.nextInt(DEFAULT_WINDOW);
        private long connectionMayGet = DEFAULT_WINDOW;
        private long connectionMaySend = DEFAULT_WINDOW;
        private long streamMaySend = DEFAULT_WINDOW;
        private int ended;
        private int frames;

        synchronized int ended() {
            return ended;
        }

        synchronized void opened(int stream) {
            mayGet.put(stream, (long) initial);
            maySend.put(stream, streamMaySend);
        }

        /** How much may be sent of so much, which is then counted as sent. */
        synchronized int spend(int stream, int most) {
            int length = (int) Math.min(most, Math.min(connectionMaySend, maySend.getOrDefault(stream, 0L)));
            connectionMaySend -= length;
            maySend.merge(stream, (long) -length, Long::sum);
            return length;
        }

        synchronized void got(int type, int flags, int stream, ByteBuf payload) {
            switch (type) {
                case Http2Client.DATA -> {
                    connectionMayGet -= payload.readableBytes();
                    long left = mayGet.merge(stream, (long) -payload.readableBytes(), Long::sum);
                    assertThat(Math.min(left, connectionMayGet)).isNotNegative();
                    answers.computeIfAbsent(stream, _ -> new StringBuilder())
                            .append(payload.toString(StandardCharsets.ISO_8859_1));
                }
                case Http2Client.HEADERS -> {
                    assertThat(heads.merge(stream, 1, Integer::sum)).isEqualTo(1);
                    answers.computeIfAbsent(stream, _ -> new StringBuilder());
                }
                case Http2Client.SETTINGS -> {
                    while (flags == 0 && payload.isReadable()) {
                        if (payload.readUnsignedShort() == 4) {
                            resized(payload.readUnsignedInt());
                        } else {
                            payload.skipBytes(4);
                        }
                    }
                }
                case Http2Client.WINDOW_UPDATE -> {
                    long more = payload.readUnsignedInt();
                    if (stream == 0) {
                        connectionMaySend += more;
                    } else {
                        maySend.merge(stream, more, Long::sum);
                    }
                }
                case Http2Client.PING -> {}
                default ->
                    throw new AssertionError(
                            "frame of type " + type + " on stream " + stream + " " + ByteBufUtil.hexDump(payload));
            }
            if (type <= Http2Client.HEADERS && (flags & Http2Client.END_STREAM) != 0) {
                ended++;
            }
            frames++;
            notifyAll();
        }

        private void resized(long size) {
            long change = size - streamMaySend;
            streamMaySend = size;
            maySend.replaceAll((_, window) -> window + change);
        }

        /** Opens a window by so much, if it is low; returns whether it was. */
        synchronized boolean open(int stream, int more) {
            long window = stream == 0 ? connectionMayGet : mayGet.getOrDefault(stream, Long.MAX_VALUE);
            if (window >= LOW || ended == REQUESTS) {
                return false;
            }
            if (stream == 0) {
                connectionMayGet += more;
            } else {
                mayGet.put(stream, window + more);
            }
            return true;
        }

        /** Until the other thread has read something. */
        synchronized void awaitNews(int read) throws InterruptedException {
            while (frames == read && ended < REQUESTS) {
                wait();
            }
        }

        synchronized int frames() {
            return frames;
        }
    }

    @RepeatedTest(6)
    void answersEachRequestOnceWithItsOwnBody() throws Exception {
        var model = new Model();
        Map<Integer, String> bodies = new TreeMap<>();
        try (Socket socket = new Socket(address.getAddress(), address.getPort())) {
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(20_000);
            var reader = CompletableFuture.runAsync(
                    () -> read(socket, model), task -> Thread.ofVirtual().start(task));
            ByteBuf out = Unpooled.buffer();
            out.writeCharSequence("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", StandardCharsets.US_ASCII);
            frame(out, Http2Client.SETTINGS, 0, 0, "\0\4" + number(model.initial));
            List<Request> open = new ArrayList<>();
            int next = 1;
            while (model.ended() < REQUESTS && !reader.isDone()) {
                if (next < 2 * REQUESTS && open.size() < 8 && random.nextInt(3) == 0) {
                    Request request = new Request(next, body(), random.nextBoolean());
                    bodies.put(next, request.body);
                    open.add(request);
                    begin(out, request, model);
                    next += 2;
                }
                int read = model.frames();
                if (!open.isEmpty()) {
                    Request request = open.get(random.nextInt(open.size()));
                    if (advance(out, request, model)) {
                        open.remove(request);
                    }
                }
                sometimes(out, model, next);
                if (random.nextInt(4) == 0) {
                    cut(socket, out);
                    if (next > 2 * REQUESTS && open.isEmpty() && !opens(out, model, next)) {
                        model.awaitNews(read);
                    }
                }
            }
            reader.get(20, TimeUnit.SECONDS);
        }
        assertThat(model.answers.keySet()).as("seed " + seed).isEqualTo(bodies.keySet());
        bodies.forEach((stream, body) -> assertThat(model.answers.get(stream))
                .as("stream " + stream + ", seed " + seed)
                .hasToString(body));
    }

    private String body() {
        int length = random.nextInt(4) == 0 ? random.nextInt(MOST_BYTES) : random.nextInt(300);
        StringBuilder body = new StringBuilder(length);
        for (int i = 0; i < length; i++) {
            body.append((char) ('a' + random.nextInt(26)));
        }
        return body.toString();
    }

    private void begin(ByteBuf out, Request request, Model model) {
        model.opened(request.stream);
        String block = field(":method", "POST")
                + field(":scheme", "http")
                + field(":authority", "t")
                + field(":path", "/" + request.stream);
        int cut = random.nextInt(block.length());
        boolean whole = random.nextBoolean();
        frame(out, Http2Client.HEADERS, whole ? 4 : 0, request.stream, whole ? block : block.substring(0, cut));
        if (!whole) {
            frame(out, Http2Client.CONTINUATION, 4, request.stream, block.substring(cut));
        }
    }

    /** Writes the next frame of a request; returns whether that was its last. */
    private boolean advance(ByteBuf out, Request request, Model model) {
        int left = request.body.length() - request.sent;
        if (left == 0 && request.trailers) {
            frame(out, Http2Client.HEADERS, 5, request.stream, field("x-last", "1"));
            return true;
        }
        int padding = random.nextInt(4) == 0 ? random.nextInt(20) : -1;
        int overhead = padding + 1;
        int most = Math.min(left == 0 ? 0 : 1 + random.nextInt(left), 16_000) + overhead;
        int length = model.spend(request.stream, most) - overhead;
        if (length < 0 || (length == 0 && left > 0)) {
            model.spend(request.stream, -(length + overhead));
            return false;
        }
        boolean end = length == left && !request.trailers;
        String data = request.body.substring(request.sent, request.sent + length);
        request.sent += length;
        frame(
                out,
                Http2Client.DATA,
                (end ? Http2Client.END_STREAM : 0) | (padding >= 0 ? PADDED : 0),
                request.stream,
                padding < 0 ? data : (char) padding + data + "\0".repeat(padding));
        return end;
    }

    /** What a client may say at any time, and the windows that its answers need. */
    private void sometimes(ByteBuf out, Model model, int next) {
        if (random.nextInt(200) == 0) {
            frame(out, Http2Client.PING, 0, 0, "12345678");
        }
        if (random.nextInt(50) == 0) {
            frame(out, 0x77, random.nextInt(256), random.nextInt(10), "anything");
        }
        opens(out, model, next);
    }

    /** Opens windows that are low, in random order and by random steps; returns whether there was one. */
    private boolean opens(ByteBuf out, Model model, int next) {
        boolean any = false;
        for (int stream = -1; stream < next; stream += 2) {
            int more = 1 + random.nextInt(30_000);
            if (model.open(Math.max(0, stream), more)) {
                any = true;
                frame(out, Http2Client.WINDOW_UPDATE, 0, Math.max(0, stream), number(more));
            }
        }
        return any;
    }

    /** Sends what there is, in pieces. */
    private void cut(Socket socket, ByteBuf out) throws IOException {
        while (out.isReadable()) {
            int length = random.nextInt(3) == 0
                    ? 1 + random.nextInt(Math.min(20, out.readableBytes()))
                    : out.readableBytes();
            socket.getOutputStream().write(ByteBufUtil.getBytes(out.readSlice(length)));
        }
        out.clear();
    }

    private static void read(Socket socket, Model model) {
        try {
            var in = new DataInputStream(socket.getInputStream());
            while (model.ended() < REQUESTS) {
                int lengthAndType = in.readInt();
                int flags = in.readUnsignedByte();
                int stream = in.readInt();
                model.got(
                        lengthAndType & 0xff,
                        flags,
                        stream,
                        Unpooled.wrappedBuffer(in.readNBytes(lengthAndType >>> 8)));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String number(int value) {
        return Unpooled.copyInt(value).toString(StandardCharsets.ISO_8859_1);
    }

    private static String field(String name, String value) {
        return "\0" + (char) name.length() + name + (char) value.length() + value;
    }

    private static void frame(ByteBuf out, int type, int flags, int stream, String payload) {
        out.writeMedium(payload.length()).writeByte(type).writeByte(flags).writeInt(stream);
        out.writeCharSequence(payload, StandardCharsets.ISO_8859_1);
    }
}
