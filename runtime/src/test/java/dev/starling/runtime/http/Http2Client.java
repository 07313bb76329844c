package dev.starling.runtime.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.DefaultHttp2HeadersEncoder;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;

/** A client that writes HTTP/2 frames as a test tells it and gathers what comes by streams; headers are Netty's. */
final class Http2Client implements AutoCloseable {

    static final int DATA = 0;
    static final int HEADERS = 1;
    static final int RST_STREAM = 3;
    static final int PRIORITY = 2;
    static final int SETTINGS = 4;
    static final int PING = 6;
    static final int GOAWAY = 7;
    static final int WINDOW_UPDATE = 8;
    static final int CONTINUATION = 9;

    static final int END_STREAM = 1;
    static final int END_HEADERS = 4;
    static final int ACK = 1;

    private static final int MOST_TEXT = 1000;

    private final Socket socket;
    private final DataInputStream in;
    private final DefaultHttp2HeadersEncoder encoder = new DefaultHttp2HeadersEncoder();
    private final DefaultHttp2HeadersDecoder decoder = new DefaultHttp2HeadersDecoder();
    private final Map<Integer, Answer> answers = new TreeMap<>();
    private int goAways;
    private int lastStream = -1;
    private int error = -1;
    private int pings;
    private boolean answersPings = true;
    private int pingAnswers;

    /** What has come on one stream. */
    static final class Answer {
        String status = "";
        String trailers = "";
        long bytes;

        /** The beginning of the body. */
        final StringBuilder text = new StringBuilder();

        boolean ended;
        long reset = -1;
    }

    Http2Client(InetSocketAddress address) throws IOException {
        socket = new Socket(address.getAddress(), address.getPort());
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(20_000);
        in = new DataInputStream(socket.getInputStream());
        socket.getOutputStream().write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
    }

    Http2Client settings(int... idsAndValues) throws IOException {
        ByteBuf payload = Unpooled.buffer();
        for (int i = 0; i < idsAndValues.length; i += 2) {
            payload.writeShort(idsAndValues[i]).writeInt(idsAndValues[i + 1]);
        }
        return frame(SETTINGS, 0, 0, ByteBufUtil.getBytes(payload));
    }

    Http2Client headers(int stream, boolean end, String... namesAndValues) throws IOException {
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
        return frame(HEADERS, END_HEADERS | (end ? END_STREAM : 0), stream, ByteBufUtil.getBytes(block));
    }

    Http2Client get(int stream, String path) throws IOException {
        return headers(stream, true, ":method", "GET", ":scheme", "http", ":path", path, ":authority", "test");
    }

    Http2Client post(int stream, String path, String... more) throws IOException {
        String[] all = new String[8 + more.length];
        System.arraycopy(
                new String[] {":method", "POST", ":scheme", "http", ":path", path, ":authority", "test"}, 0, all, 0, 8);
        System.arraycopy(more, 0, all, 8, more.length);
        return headers(stream, false, all);
    }

    Http2Client data(int stream, String text, boolean end) throws IOException {
        return frame(DATA, end ? END_STREAM : 0, stream, text.getBytes(StandardCharsets.ISO_8859_1));
    }

    Http2Client number(int type, int stream, int value) throws IOException {
        return frame(type, 0, stream, Unpooled.copyInt(value).array());
    }

    Http2Client frame(int type, int flags, int stream, byte[] payload) throws IOException {
        ByteBuf frame = Unpooled.buffer();
        frame.writeMedium(payload.length)
                .writeByte(type)
                .writeByte(flags)
                .writeInt(stream)
                .writeBytes(payload);
        OutputStream out = socket.getOutputStream();
        out.write(ByteBufUtil.getBytes(frame));
        return this;
    }

    Answer answer(int stream) {
        return answers.computeIfAbsent(stream, _ -> new Answer());
    }

    /** GOAWAY frames so far. */
    int goAways() {
        return goAways;
    }

    /** What the last GOAWAY said. */
    int lastStream() {
        return lastStream;
    }

    /** What the last GOAWAY gave as the reason. */
    int error() {
        return error;
    }

    /** PING frames of the other side so far. */
    int pings() {
        return pings;
    }

    /** Answers to PING frames of ours so far. */
    int pingAnswers() {
        return pingAnswers;
    }

    Http2Client leavesPings() {
        answersPings = false;
        return this;
    }

    Http2Client bytes(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
        return this;
    }

    /** Reads until the stream has ended, one way or the other. */
    Answer ended(int stream) throws IOException {
        Answer answer = answer(stream);
        while (!answer.ended && answer.reset < 0) {
            readFrame();
        }
        return answer;
    }

    void readFrame() throws IOException {
        int lengthAndType = in.readInt();
        byte flags = in.readByte();
        int stream = in.readInt();
        ByteBuf payload = Unpooled.wrappedBuffer(in.readNBytes(lengthAndType >>> 8));
        boolean end = (flags & END_STREAM) != 0;
        switch (lengthAndType & 0xff) {
            case DATA -> {
                Answer answer = answer(stream);
                answer.bytes += payload.readableBytes();
                if (answer.text.length() < MOST_TEXT) {
                    answer.text.append(payload.toString(StandardCharsets.ISO_8859_1));
                }
                answer(stream).ended |= end;
            }
            case HEADERS -> headers(answer(stream), stream, payload, end);
            case RST_STREAM -> answer(stream).reset = payload.readUnsignedInt();
            case GOAWAY -> {
                goAways++;
                lastStream = payload.readInt();
                error = payload.readInt();
            }
            case PING -> {
                if ((flags & ACK) != 0) {
                    pingAnswers++;
                } else {
                    pings++;
                    if (answersPings) {
                        frame(PING, ACK, 0, ByteBufUtil.getBytes(payload));
                    }
                }
            }
            default -> {}
        }
    }

    private void headers(Answer answer, int stream, ByteBuf block, boolean end) throws IOException {
        Http2Headers headers;
        try {
            headers = decoder.decodeHeaders(stream, block);
        } catch (Http2Exception wrong) {
            throw new IOException(wrong);
        }
        if (headers.status() == null) {
            StringBuilder text = new StringBuilder();
            headers.forEach(field -> text.append(field.getKey()).append(": ").append(field.getValue()));
            answer.trailers = text.toString();
        } else {
            answer.status += headers.status();
        }
        answer.ended |= end;
    }

    /** Reads until the other side ends the connection. */
    void rest() throws IOException {
        boolean open = true;
        while (open) {
            open = more();
        }
    }

    /** Reads a frame; false at the end of the connection. */
    boolean more() throws IOException {
        try {
            readFrame();
            return true;
        } catch (EOFException | SocketException end) {
            return false;
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
