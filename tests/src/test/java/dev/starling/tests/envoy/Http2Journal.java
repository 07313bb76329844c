package dev.starling.tests.envoy;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What a client of HTTP/2 got: the connection's own events in order, and each stream's. */
final class Http2Journal {

    private static final List<String> ERRORS = List.of(
            "NO_ERROR",
            "PROTOCOL_ERROR",
            "INTERNAL_ERROR",
            "FLOW_CONTROL_ERROR",
            "SETTINGS_TIMEOUT",
            "STREAM_CLOSED",
            "FRAME_SIZE_ERROR",
            "REFUSED_STREAM",
            "CANCEL",
            "COMPRESSION_ERROR",
            "CONNECT_ERROR",
            "ENHANCE_YOUR_CALM",
            "INADEQUATE_SECURITY",
            "HTTP_1_1_REQUIRED");

    private static final int FRAME_HEAD = 9;

    /** Bodies that are compared byte by byte. */
    private static final int SHORT = 1000;

    private static final int INITIAL_WINDOW_SIZE = 4;

    /** Envoy's 16 MiB and our 256 KiB, because all of it may have to be held while the other side does not read. */
    private static final Set<Long> DEFAULT_WINDOWS = Set.of(16L << 20, 256L << 10);

    /** Starling tells its limit of header bytes, so that a client need not find out. */
    private static final int MAX_HEADER_LIST_SIZE = 6;

    private final String name;
    private final DefaultHttp2HeadersDecoder decoder = new DefaultHttp2HeadersDecoder(false, 1 << 20);
    private final ByteBuf unread = Unpooled.buffer();
    private final ByteBuf block = Unpooled.buffer();
    private final List<String> connection = new ArrayList<>();
    private final Map<Integer, Stream> streams = new TreeMap<>();
    private final Map<Integer, Long> windows = new TreeMap<>();
    private int goAways;
    private int pings;
    private long lastPing;
    private int syncs;
    private boolean closed;

    /** What came on one stream. */
    private static final class Stream {
        final List<String> events = new ArrayList<>();
        final StringBuilder text = new StringBuilder();
        long data;
        boolean begun;
        boolean over;
    }

    Http2Journal(String name) {
        this.name = name;
    }

    private Stream stream(int id) {
        return streams.computeIfAbsent(id, _ -> new Stream());
    }

    boolean begun(int stream) {
        return stream(stream).begun;
    }

    boolean over(int stream) {
        return stream(stream).over;
    }

    long data(int stream) {
        return stream(stream).data;
    }

    int goAways() {
        return goAways;
    }

    int pings() {
        return pings;
    }

    long lastPing() {
        return lastPing;
    }

    int syncs() {
        return syncs;
    }

    boolean closed() {
        return closed;
    }

    void ended(String how) {
        if (!closed) {
            closed = true;
            connection.add(how);
        }
    }

    void noteOfConnection(String text) {
        connection.add(text);
    }

    void noteWindows() {
        connection.add("windows " + windows);
    }

    /** @param sync what a PING says whose answer is only waited for */
    void take(byte[] bytes, int length, long sync) throws IOException {
        unread.discardReadBytes().writeBytes(bytes, 0, length);
        while (unread.readableBytes() >= FRAME_HEAD
                && unread.readableBytes() >= FRAME_HEAD + unread.getUnsignedMedium(unread.readerIndex())) {
            int payload = unread.readUnsignedMedium();
            int type = unread.readUnsignedByte();
            int flags = unread.readUnsignedByte();
            int stream = unread.readInt();
            frame(type, flags, stream, unread.readSlice(payload), sync);
        }
    }

    private void frame(int type, int flags, int id, ByteBuf payload, long sync) throws IOException {
        boolean end = (flags & Http2Peer.END_STREAM) != 0;
        switch (type) {
            case Http2Peer.DATA -> {
                stream(id).data += payload.readableBytes();
                stream(id).text.append(payload.toString(ISO_8859_1));
                end(stream(id), end);
            }
            case Http2Peer.HEADERS, Http2Peer.CONTINUATION -> {
                block.writeBytes(payload);
                if ((flags & Http2Peer.END_HEADERS) != 0) {
                    fields(stream(id), id);
                    block.clear();
                }
                end(stream(id), end && type == Http2Peer.HEADERS);
            }
            case Http2Peer.RST_STREAM -> {
                flush(stream(id));
                stream(id).events.add("reset " + error(payload.readUnsignedInt()));
                stream(id).over = true;
            }
            case Http2Peer.SETTINGS -> note(end ? "settings ack" : settings(payload));
            case Http2Peer.PING -> {
                long said = payload.readLong();
                if (said == sync) {
                    syncs++;
                } else if (end) {
                    note("pong " + Long.toHexString(said)); // of a flood, as many as there are
                } else {
                    pings++;
                    lastPing = said;
                    connection.add("ping");
                }
            }
            case Http2Peer.GOAWAY -> {
                goAways++;
                connection.add("goaway " + payload.readInt() + " " + error(payload.readUnsignedInt()));
            }
            case Http2Peer.WINDOW_UPDATE -> windows.merge(id, payload.readUnsignedInt(), Long::sum);
            default -> connection.add("frame of type " + type);
        }
    }

    private void note(String event) {
        if (connection.isEmpty() || !connection.getLast().equals(event)) {
            connection.add(event);
        }
    }

    private static void end(Stream stream, boolean end) {
        if (end) {
            flush(stream);
            stream.events.add("end");
            stream.over = true;
        }
    }

    private static void flush(Stream stream) {
        if (stream.data > SHORT) {
            stream.events.add("data " + stream.data);
        } else if (stream.data > 0) {
            stream.events.add("data " + escaped(stream.text));
        }
    }

    /** On one line. */
    private static String escaped(CharSequence bytes) {
        return bytes.chars()
                .mapToObj(b -> b < ' ' || b > '~' ? "\\x%02x".formatted(b) : String.valueOf((char) b))
                .collect(Collectors.joining());
    }

    private void fields(Stream stream, int id) throws IOException {
        Http2Headers headers;
        try {
            headers = decoder.decodeHeaders(id, block);
        } catch (Http2Exception wrong) {
            throw new IOException(wrong);
        }
        if (headers.status() == null) {
            flush(stream);
        }
        stream.begun = true;
        StringBuilder text = new StringBuilder();
        headers.forEach(field -> text.append(field.getKey())
                .append(": ")
                .append(field.getValue())
                .append(" | "));
        stream.events.add(text.toString());
    }

    private static String settings(ByteBuf payload) {
        Map<Integer, String> values = new TreeMap<>();
        while (payload.isReadable()) {
            int id = payload.readUnsignedShort();
            long value = payload.readUnsignedInt();
            if (id == INITIAL_WINDOW_SIZE && DEFAULT_WINDOWS.contains(value)) {
                values.put(id, "default");
            } else if (id != MAX_HEADER_LIST_SIZE) {
                values.put(id, Long.toString(value));
            }
        }
        return "settings " + values;
    }

    private static String error(long code) {
        return code < ERRORS.size() ? ERRORS.get((int) code) : Long.toString(code);
    }

    /**
     * A client that is at fault is told so by Starling (RFC 9113 5.4.1). Envoy just closes in most cases, and then its
     * settings may not have left either; so that is left out of the comparison.
     */
    private void withoutLastWords() {
        boolean fault =
                connection.stream().anyMatch(event -> event.startsWith("goaway") && !event.endsWith(" NO_ERROR"));
        if (fault || (closed && goAways == 0)) {
            connection.removeIf(event ->
                    event.startsWith("settings") || (event.startsWith("goaway") && !event.endsWith(" NO_ERROR")));
            connection.replaceAll(event -> event.equals("reset") ? "end" : event);
        }
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        withoutLastWords();
        connection.forEach(
                event -> text.append(name).append(" gets ").append(event).append('\n'));
        if (!closed) {
            text.append(name).append(" is connected\n");
        }
        streams.forEach((id, stream) -> {
            if (!stream.over) {
                flush(stream);
                stream.events.add("open");
            }
            stream.events.forEach(event -> text.append(name + " gets on stream " + id + " " + event + "\n"));
        });
        return text.toString();
    }
}
