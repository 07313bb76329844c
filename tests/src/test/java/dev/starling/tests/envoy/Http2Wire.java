package dev.starling.tests.envoy;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.starling.runtime.codec.hpack.HeaderBlock;
import dev.starling.runtime.codec.hpack.HpackDecoder;
import dev.starling.runtime.codec.hpack.HpackException;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;

/** Either end of an HTTP/2 connection, which waits for each frame. Writes frames as {@link Http2Peer} does. */
final class Http2Wire {

    private static final int LARGEST = 16384;

    private final DataInputStream in;
    private OutputStream out;
    private final HpackDecoder decoder = new HpackDecoder(4096, 65536);
    private final HeaderBlock block = new HeaderBlock(1 << 20, 1000);

    /** @param text of HEADERS, one field a line, in order of names; of others the payload */
    @SuppressWarnings("ArrayRecordComponent") // nothing compares frames
    record Frame(int type, int flags, int stream, byte[] payload, String text) {

        boolean ends() {
            return (flags & Http2Peer.END_STREAM) != 0 && (type == Http2Peer.DATA || type == Http2Peer.HEADERS);
        }

        int number() {
            return ByteBuffer.wrap(payload).getInt();
        }
    }

    Http2Wire(Socket socket) throws IOException {
        this.in = new DataInputStream(socket.getInputStream());
        this.out = socket.getOutputStream();
    }

    /** As a server, that a client has begun. */
    void accept() throws IOException {
        in.readNBytes(Http2Peer.PREFACE.length());
        frame(Http2Peer.SETTINGS, 0, 0, "");
    }

    /** As a client. */
    void begin() throws IOException {
        write(Http2Peer.PREFACE);
        frame(Http2Peer.SETTINGS, 0, 0, "");
    }

    /** Acknowledges settings, and puts the parts of a header block together. Empty at the end of the connection. */
    Optional<Frame> next() throws IOException {
        Optional<Frame> next = part();
        while (next.isPresent() && next.get().type == Http2Peer.HEADERS && !whole(next.get())) {
            Frame begun = next.get();
            next = part().map(more -> new Frame(
                    Http2Peer.HEADERS,
                    begun.flags | more.flags,
                    begun.stream,
                    ByteBuffer.allocate(begun.payload.length + more.payload.length)
                            .put(begun.payload)
                            .put(more.payload)
                            .array(),
                    ""));
        }
        if (next.isPresent() && next.get().type == Http2Peer.HEADERS) {
            Frame head = next.get();
            return Optional.of(new Frame(head.type, head.flags, head.stream, head.payload, fields(head.payload)));
        }
        return next;
    }

    private static boolean whole(Frame head) {
        return (head.flags & Http2Peer.END_HEADERS) != 0;
    }

    private Optional<Frame> part() throws IOException {
        byte[] head = in.readNBytes(9);
        if (head.length < 9) {
            return Optional.empty();
        }
        ByteBuffer fields = ByteBuffer.wrap(head);
        int lengthAndType = fields.getInt();
        byte[] payload = in.readNBytes(lengthAndType >>> 8);
        int type = lengthAndType & 0xff;
        int flags = fields.get();
        int stream = fields.getInt();
        if (type == Http2Peer.SETTINGS && flags == 0) {
            frame(Http2Peer.SETTINGS, Http2Peer.ACK, 0, "");
        }
        return Optional.of(new Frame(type, flags, stream, payload, new String(payload, ISO_8859_1)));
    }

    private String fields(byte[] payload) throws IOException {
        try {
            decoder.decode(payload, 0, payload.length, block);
        } catch (HpackException broken) {
            throw new IOException(broken);
        }
        return block.headers(0, 0).toString().lines().sorted().collect(Collectors.joining("\n"));
    }

    /** @param fields each {@code name: value} */
    void headers(int stream, boolean end, String... fields) throws IOException {
        byte[] all = Http2Peer.block(fields).getBytes(ISO_8859_1);
        ByteArrayOutputStream frames = new ByteArrayOutputStream();
        for (int at = 0; at < all.length; at += LARGEST) {
            byte[] part = Arrays.copyOfRange(all, at, Math.min(at + LARGEST, all.length));
            int flags = at + part.length == all.length ? Http2Peer.END_HEADERS : 0;
            frames.writeBytes(
                    at == 0
                            ? Http2Peer.encoded(
                                    Http2Peer.HEADERS, end ? flags | Http2Peer.END_STREAM : flags, stream, part)
                            : Http2Peer.encoded(Http2Peer.CONTINUATION, flags, stream, part));
        }
        out.write(frames.toByteArray());
    }

    void data(int stream, String text, boolean end) throws IOException {
        frame(Http2Peer.DATA, end ? Http2Peer.END_STREAM : 0, stream, text);
    }

    void reset(int stream, int code) throws IOException {
        numbers(Http2Peer.RST_STREAM, stream, code);
    }

    void goAway(int stream, int code) throws IOException {
        numbers(Http2Peer.GOAWAY, 0, stream, code);
    }

    /** SETTINGS of SETTINGS_MAX_CONCURRENT_STREAMS. */
    void allowStreams(int count) throws IOException {
        byte[] payload =
                ByteBuffer.allocate(6).putShort((short) 3).putInt(count).array();
        out.write(Http2Peer.encoded(Http2Peer.SETTINGS, 0, 0, payload));
    }

    void ping() throws IOException {
        numbers(Http2Peer.PING, 0, 0, 0);
    }

    /** What is said within goes out as one write. */
    void together(Saying saying) throws IOException {
        OutputStream straight = out;
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        out = all;
        saying.say();
        out = straight;
        out.write(all.toByteArray());
    }

    /** Frames. */
    interface Saying {
        void say() throws IOException;
    }

    private void numbers(int type, int stream, int... numbers) throws IOException {
        ByteBuffer payload = ByteBuffer.allocate(4 * numbers.length);
        Arrays.stream(numbers).forEach(payload::putInt);
        out.write(Http2Peer.encoded(type, 0, stream, payload.array()));
    }

    private void frame(int type, int flags, int stream, String payload) throws IOException {
        out.write(Http2Peer.encoded(type, flags, stream, payload.getBytes(ISO_8859_1)));
    }

    void write(String latin1) throws IOException {
        out.write(latin1.getBytes(ISO_8859_1));
    }
}
