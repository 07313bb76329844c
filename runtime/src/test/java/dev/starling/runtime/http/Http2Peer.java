package dev.starling.runtime.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.DefaultHttp2HeadersEncoder;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The server's end of an HTTP/2 connection, frame by frame as a script tells it; headers are Netty's. */
public final class Http2Peer {

    public static final int DATA = 0;
    public static final int HEADERS = 1;
    public static final int RST_STREAM = 3;
    public static final int SETTINGS = 4;
    public static final int PING = 6;
    public static final int GOAWAY = 7;
    public static final int WINDOW_UPDATE = 8;

    public static final int END = 1;
    public static final int END_HEADERS = 4;

    public static final int MAX_CONCURRENT_STREAMS = 3;
    public static final int INITIAL_WINDOW_SIZE = 4;

    private static final String PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

    private final RawUpstream.Connection connection;
    private final DefaultHttp2HeadersEncoder encoder = new DefaultHttp2HeadersEncoder();
    private final DefaultHttp2HeadersDecoder decoder = new DefaultHttp2HeadersDecoder();

    private boolean leavesSettings;

    /** @param fields of HEADERS, as {@code name: value} lines */
    @SuppressWarnings("ArrayRecordComponent") // nothing compares frames
    public record Frame(int type, int flags, int stream, byte[] payload, String fields) {

        public boolean ends() {
            return (flags & END) != 0;
        }

        String path() {
            int at = fields.indexOf(":path: ") + 7;
            return fields.substring(at, fields.indexOf('\n', at));
        }

        public int number() {
            return Unpooled.wrappedBuffer(payload).readInt();
        }
    }

    /** Reads the preface. */
    Http2Peer(RawUpstream.Connection connection) throws IOException {
        this.connection = connection;
        if (!connection.read(PREFACE.length()).equals(PREFACE)) {
            throw new IOException("not the preface");
        }
    }

    public static Http2Peer begin(RawUpstream.Connection connection, int... settings) throws IOException {
        return new Http2Peer(connection).settings(settings);
    }

    /** Does not acknowledge them. */
    Http2Peer leavesSettings() {
        leavesSettings = true;
        return this;
    }

    /** The next frame, null at the end of the connection; settings are acknowledged and pings answered. */
    public @Nullable Frame next() throws IOException {
        byte[] head = read(9);
        if (head.length < 9) {
            return null;
        }
        ByteBuf in = Unpooled.wrappedBuffer(head);
        byte[] payload = read(in.readUnsignedMedium());
        int type = in.readByte();
        int flags = in.readByte();
        int stream = in.readInt();
        if (type == SETTINGS && flags == 0 && !leavesSettings) {
            frame(SETTINGS, 1, 0, new byte[0]);
        } else if (type == PING && flags == 0) {
            frame(PING, 1, 0, payload);
        }
        return new Frame(type, flags, stream, payload, type == HEADERS ? fields(stream, payload) : "");
    }

    /** The next frame of this type. */
    public @Nullable Frame next(int type) throws IOException {
        Frame frame = next();
        while (frame != null && frame.type() != type) {
            frame = next();
        }
        return frame;
    }

    private byte[] read(int length) throws IOException {
        return connection.read(length).getBytes(StandardCharsets.ISO_8859_1);
    }

    private String fields(int stream, byte[] block) throws IOException {
        try {
            StringBuilder text = new StringBuilder();
            decoder.decodeHeaders(stream, Unpooled.wrappedBuffer(block))
                    .forEach(field -> text.append(field.getKey())
                            .append(": ")
                            .append(field.getValue())
                            .append('\n'));
            return text.toString();
        } catch (Http2Exception wrong) {
            throw new IOException(wrong);
        }
    }

    public Http2Peer headers(int stream, boolean end, String... namesAndValues) throws IOException {
        List<byte[]> parts = new ArrayList<>();
        byte[] block = block(stream, namesAndValues);
        for (int at = 0; at < block.length; at += 16384) {
            parts.add(Arrays.copyOfRange(block, at, Math.min(block.length, at + 16384)));
        }
        for (int i = 0; i < parts.size(); i++) {
            int flags = (i == parts.size() - 1 ? END_HEADERS : 0) | (end && i == 0 ? END : 0);
            frame(i == 0 ? HEADERS : 9, flags, stream, parts.get(i));
        }
        return this;
    }

    byte[] block(int stream, String... namesAndValues) throws IOException {
        Http2Headers headers = new DefaultHttp2Headers(false);
        for (int i = 0; i < namesAndValues.length; i += 2) {
            headers.add(namesAndValues[i], namesAndValues[i + 1]);
        }
        ByteBuf block = Unpooled.buffer();
        try {
            encoder.encodeHeaders(stream, headers, block);
        } catch (Http2Exception wrong) {
            throw new IOException(wrong);
        }
        return ByteBufUtil.getBytes(block);
    }

    public Http2Peer data(int stream, String text, boolean end) throws IOException {
        return frame(DATA, end ? END : 0, stream, text.getBytes(StandardCharsets.ISO_8859_1));
    }

    public Http2Peer ok(int stream) throws IOException {
        return headers(stream, false, ":status", "200").data(stream, "ok", true);
    }

    public Http2Peer reset(int stream, int code) throws IOException {
        return number(RST_STREAM, stream, code);
    }

    public Http2Peer goAway(int lastStream, int code) throws IOException {
        return frame(GOAWAY, 0, 0, Unpooled.copyInt(lastStream, code).array());
    }

    Http2Peer settings(int... idsAndValues) throws IOException {
        ByteBuf payload = Unpooled.buffer();
        for (int i = 0; i < idsAndValues.length; i += 2) {
            payload.writeShort(idsAndValues[i]).writeInt(idsAndValues[i + 1]);
        }
        return frame(SETTINGS, 0, 0, ByteBufUtil.getBytes(payload));
    }

    Http2Peer number(int type, int stream, int value) throws IOException {
        return frame(type, 0, stream, Unpooled.copyInt(value).array());
    }

    public Http2Peer frame(int type, int flags, int stream, byte[] payload) throws IOException {
        connection.write(new String(bytes(type, flags, stream, payload), StandardCharsets.ISO_8859_1));
        return this;
    }

    static byte[] bytes(int type, int flags, int stream, byte[] payload) {
        ByteBuf frame = Unpooled.buffer();
        frame.writeMedium(payload.length)
                .writeByte(type)
                .writeByte(flags)
                .writeInt(stream)
                .writeBytes(payload);
        return ByteBufUtil.getBytes(frame);
    }
}
