package dev.starling.tests.envoy;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.util.function.BooleanSupplier;

/** A client that writes the frames it is told to. Header blocks are literals, so that every byte is the case's own. */
final class Http2Peer implements AutoCloseable {

    static final int DATA = 0;
    static final int HEADERS = 1;
    static final int PRIORITY = 2;
    static final int RST_STREAM = 3;
    static final int SETTINGS = 4;
    static final int PUSH_PROMISE = 5;
    static final int PING = 6;
    static final int GOAWAY = 7;
    static final int WINDOW_UPDATE = 8;
    static final int CONTINUATION = 9;

    static final int END_STREAM = 0x1;
    static final int ACK = 0x1;
    static final int END_HEADERS = 0x4;
    static final int PADDED = 0x8;
    static final int WITH_PRIORITY = 0x20;

    /** A message that is its head alone. */
    static final int WHOLE = END_HEADERS | END_STREAM;

    static final String PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

    private static final int PATIENCE_MILLIS = 3000;
    private static final int STEP_MILLIS = 2;
    private static final long SYNC = 0x73_79_6e_63L;

    private final Socket socket;
    private final Http2Journal journal;
    private final byte[] chunk = new byte[64 * 1024];

    Http2Peer(InetSocketAddress address, int receiveBytes, Http2Journal journal) throws IOException {
        this.journal = journal;
        socket = new Socket();
        if (receiveBytes > 0) {
            socket.setReceiveBufferSize(receiveBytes);
        }
        socket.setTcpNoDelay(true);
        socket.connect(address, PATIENCE_MILLIS);
        socket.setSoTimeout(STEP_MILLIS);
    }

    static String[] request(String method, String path, String... more) {
        String[] all = new String[4 + more.length];
        all[0] = ":method: " + method;
        all[1] = ":scheme: http";
        all[2] = ":authority: a.test";
        all[3] = ":path: " + path;
        System.arraycopy(more, 0, all, 4, more.length);
        return all;
    }

    int port() {
        return socket.getLocalPort();
    }

    // ---- sends ----------------------------------------------------------------------------------------------------

    Http2Peer bytes(String latin1) {
        return bytes(latin1.getBytes(ISO_8859_1));
    }

    private Http2Peer bytes(byte[] bytes) {
        try {
            socket.getOutputStream().write(bytes);
        } catch (IOException gone) {
            journal.ended("cannot send");
        }
        return this;
    }

    /** The preface and the first settings. */
    Http2Peer begin(int... idsAndValues) {
        return bytes(PREFACE).settings(idsAndValues);
    }

    Http2Peer settings(int... idsAndValues) {
        ByteBuf payload = Unpooled.buffer();
        for (int i = 0; i < idsAndValues.length; i += 2) {
            payload.writeShort(idsAndValues[i]).writeInt(idsAndValues[i + 1]);
        }
        return frame(SETTINGS, 0, 0, ByteBufUtil.getBytes(payload));
    }

    Http2Peer frame(int type, int flags, int stream, String payload) {
        return frame(type, flags, stream, payload.getBytes(ISO_8859_1));
    }

    Http2Peer frame(int type, int flags, int stream, byte[] payload) {
        return bytes(encoded(type, flags, stream, payload));
    }

    static byte[] encoded(int type, int flags, int stream, byte[] payload) {
        return ByteBufUtil.getBytes(Unpooled.buffer()
                .writeMedium(payload.length)
                .writeByte(type)
                .writeByte(flags)
                .writeInt(stream)
                .writeBytes(payload));
    }

    /** The same frame so many times, in one write. */
    Http2Peer flood(int times, int type, int flags, int stream, String payload) {
        byte[] frame = encoded(type, flags, stream, payload.getBytes(ISO_8859_1));
        ByteBuf all = Unpooled.buffer(times * frame.length);
        for (int i = 0; i < times; i++) {
            all.writeBytes(frame);
        }
        return bytes(ByteBufUtil.getBytes(all));
    }

    /** @param fields each {@code name: value} */
    Http2Peer headers(int stream, int flags, String... fields) {
        return frame(HEADERS, flags, stream, block(fields));
    }

    /** A header block of literals that are not to be indexed. */
    static String block(String... fields) {
        StringBuilder block = new StringBuilder();
        for (String field : fields) {
            int colon = field.startsWith(": ") ? 0 : field.indexOf(": ", 1);
            block.append('\0');
            string(block, field.substring(0, colon));
            string(block, field.substring(colon + 2));
        }
        return block.toString();
    }

    /** Not Huffman coded, with a length of seven bits and more (RFC 7541 5.2). */
    private static void string(StringBuilder block, String text) {
        int rest = text.length();
        if (rest < 127) {
            block.append((char) rest);
        } else {
            block.append((char) 127);
            for (rest -= 127; rest >= 128; rest >>= 7) {
                block.append((char) ((rest & 127) | 128));
            }
            block.append((char) rest);
        }
        block.append(text);
    }

    Http2Peer get(int stream, String path, String... more) {
        return headers(stream, WHOLE, request("GET", path, more));
    }

    /** The head of a request whose body is to follow. */
    Http2Peer post(int stream, String path, String... more) {
        return headers(stream, END_HEADERS, request("POST", path, more));
    }

    /** A whole request with a body, in one write. */
    Http2Peer postWith(int stream, String path, String body, String... more) {
        byte[] head = encoded(
                HEADERS, END_HEADERS, stream, block(request("POST", path, more)).getBytes(ISO_8859_1));
        byte[] data = encoded(DATA, END_STREAM, stream, body.getBytes(ISO_8859_1));
        return bytes(ByteBufUtil.getBytes(Unpooled.wrappedBuffer(head, data)));
    }

    Http2Peer data(int stream, String text, boolean end) {
        return frame(DATA, end ? END_STREAM : 0, stream, text);
    }

    Http2Peer trailers(int stream, String... fields) {
        return headers(stream, WHOLE, fields);
    }

    Http2Peer reset(int stream, int code) {
        return number(RST_STREAM, stream, code);
    }

    Http2Peer window(int stream, int bytes) {
        return number(WINDOW_UPDATE, stream, bytes);
    }

    Http2Peer ping(String eightBytes) {
        return frame(PING, 0, 0, eightBytes);
    }

    Http2Peer number(int type, int stream, int value) {
        return frame(type, 0, stream, Unpooled.copyInt(value).array());
    }

    // ---- waits ----------------------------------------------------------------------------------------------------

    /** Until the stream has ended, or the connection. */
    Http2Peer until(int stream) throws IOException {
        return until(() -> journal.over(stream));
    }

    /** Until the stream has got a head, or has ended. */
    Http2Peer untilHead(int stream) throws IOException {
        return until(() -> journal.begun(stream) || journal.over(stream));
    }

    Http2Peer untilData(int stream, long bytes) throws IOException {
        return until(() -> journal.data(stream) >= bytes || journal.over(stream));
    }

    Http2Peer untilGoAways(int count) throws IOException {
        return until(() -> journal.goAways() >= count);
    }

    Http2Peer untilPings(int count) throws IOException {
        return until(() -> journal.pings() >= count);
    }

    Http2Peer untilEnd() throws IOException {
        return until(() -> false);
    }

    /** Until everything that was sent has been read by the proxy, if it still reads. */
    Http2Peer sync() throws IOException {
        int before = journal.syncs();
        ping(new String(Unpooled.copyLong(SYNC).array(), ISO_8859_1));
        return until(() -> journal.syncs() > before);
    }

    /** Goes on reading for so long, to see whether more comes. */
    Http2Peer settle(int millis) throws IOException {
        long end = System.nanoTime() + millis * 1_000_000L;
        while (System.nanoTime() < end && !journal.closed()) {
            read();
        }
        return this;
    }

    /** Answers the PING that came last. */
    Http2Peer answerPing() {
        return frame(PING, ACK, 0, Unpooled.copyLong(journal.lastPing()).array());
    }

    private Http2Peer until(BooleanSupplier met) throws IOException {
        long deadline = System.nanoTime() + PATIENCE_MILLIS * 1_000_000L;
        while (!met.getAsBoolean() && !journal.closed() && System.nanoTime() < deadline) {
            read();
        }
        if (!met.getAsBoolean() && !journal.closed()) {
            journal.noteOfConnection("waited in vain");
        }
        return this;
    }

    boolean over(int stream) {
        return journal.over(stream) || journal.closed();
    }

    /** Reads what there is within a moment. */
    void read() throws IOException {
        try {
            int length = journal.closed() ? -1 : socket.getInputStream().read(chunk);
            if (length < 0) {
                journal.ended("end");
            } else {
                journal.take(chunk, length, SYNC);
            }
        } catch (SocketTimeoutException nothing) {
            return;
        } catch (SocketException reset) {
            journal.ended("reset");
        }
    }

    /** Says in the transcript how far the windows have been opened until now. */
    Http2Peer noteWindows() {
        journal.noteWindows();
        return this;
    }

    /** Ends its direction. */
    Http2Peer end() throws IOException {
        socket.shutdownOutput();
        return this;
    }

    Http2Peer leave() throws IOException {
        socket.close();
        return this;
    }

    Http2Peer abort() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
        return this;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
