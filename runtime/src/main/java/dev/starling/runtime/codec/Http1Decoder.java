package dev.starling.runtime.codec;

import dev.starling.runtime.message.Headers;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.ByteToMessageDecoder;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * HTTP/1.1 message framing, the same for requests and responses: collects a head until its empty line, then delivers the
 * body by length, by chunks or until the connection closes. Heads are bounded in bytes and fields, chunk lines and
 * trailers too. Bytes that may not be processed yet (the next request while this one is answered) wait inside.
 */
public abstract class Http1Decoder {

    /** Longest line with a chunk size and its extensions. */
    private static final int MAX_CHUNK_LINE = 4096;

    /** Empty lines tolerated before a start line (RFC 9112 2.2). */
    private static final int MAX_LEADING_EMPTY_LINES = 1;

    private final int maxHeadBytes;
    final int maxFields;
    private final int headSlack;

    private @Nullable ByteBuf input;
    private State state = State.HEAD;
    private long remaining;
    private int scanned;
    private int lineStart;
    private int emptyLines;
    private boolean running;

    private enum State {
        HEAD,
        LENGTH,
        CHUNK_SIZE,
        CHUNK_DATA,
        CHUNK_END,
        TRAILERS,
        UNTIL_CLOSE,
        /** The message is complete; the next one is decoded after {@link #nextMessage}. */
        COMPLETE,
        /** Not HTTP any more. */
        RAW,
        /** Nothing more is read. */
        STOPPED
    }

    /** @param headSlack bytes left in a head's array for headers that the proxy adds */
    Http1Decoder(int maxHeadBytes, int maxFields, int headSlack) {
        this.maxHeadBytes = maxHeadBytes;
        this.maxFields = maxFields;
        this.headSlack = headSlack;
    }

    /** A whole head: parse it, call one of the {@code body…} methods, tell the exchange. */
    abstract void onHead(byte[] bytes, int length) throws Http1Exception;

    /** Body bytes, owned by the receiver; {@code end} with the last ones. May be empty only with {@code end}. */
    public abstract void onBody(ByteBuf bytes, boolean end);

    /** Trailers end the message. Empty ones are reported as the end of the body instead. */
    public abstract void onTrailers(Headers trailers);

    /** Whether decoding may go on: false holds what is left. */
    public abstract boolean wantsMore();

    /** The first bytes of a message have come; its head is not complete. */
    public void onHeadStarted() {}

    final void bodyNone() {
        state = State.COMPLETE;
    }

    final void bodyLength(long length) {
        remaining = length;
        state = length == 0 ? State.COMPLETE : State.LENGTH;
    }

    final void bodyChunked() {
        state = State.CHUNK_SIZE;
    }

    final void bodyUntilClose() {
        state = State.UNTIL_CLOSE;
    }

    final void raw() {
        state = State.RAW;
    }

    public final void stop() {
        state = State.STOPPED;
    }

    /** After a complete message: the next head may be decoded. */
    public final void nextMessage() {
        if (state == State.COMPLETE) {
            state = State.HEAD;
        }
    }

    final boolean isRaw() {
        return state == State.RAW;
    }

    final boolean complete() {
        return state == State.COMPLETE;
    }

    /** Whether a connection that ends here ends inside a message. */
    final boolean cut() {
        return switch (state) {
            case HEAD -> held() > 0;
            case COMPLETE, UNTIL_CLOSE, RAW, STOPPED -> false;
            default -> true;
        };
    }

    final boolean endsWithConnection() {
        return state == State.UNTIL_CLOSE;
    }

    /** Bytes waiting. */
    public final int held() {
        return input == null ? 0 : input.readableBytes();
    }

    /** Takes ownership of the bytes. */
    public final void feed(ByteBuf bytes, ByteBufAllocator allocator) throws Http1Exception {
        if (state == State.STOPPED) {
            bytes.release();
            return;
        }
        input = input == null ? bytes : ByteToMessageDecoder.MERGE_CUMULATOR.cumulate(allocator, input, bytes);
        decode();
    }

    /** Goes on with what was held. */
    public final void decode() throws Http1Exception {
        if (running) {
            return;
        }
        running = true;
        try {
            while (input != null && input.isReadable() && wantsMore() && step()) {
                // step by step until bytes or permission run out
            }
        } finally {
            running = false;
            if (input != null && (!input.isReadable() || state == State.STOPPED)) {
                input.release();
                input = null;
                if (state == State.HEAD) {
                    scanned = 0;
                    lineStart = 0;
                }
            }
        }
    }

    public final void release() {
        state = State.STOPPED;
        if (input != null && !running) {
            input.release();
            input = null;
        }
    }

    /** Returns whether progress was made. */
    private boolean step() throws Http1Exception {
        ByteBuf in = Objects.requireNonNull(input);
        return switch (state) {
            case HEAD -> head(in);
            case LENGTH -> length(in);
            case CHUNK_SIZE -> chunkSize(in);
            case CHUNK_DATA -> chunkData(in);
            case CHUNK_END -> chunkEnd(in);
            case TRAILERS -> trailers(in);
            case UNTIL_CLOSE, RAW -> {
                onBody(takeAll(in), false);
                yield true;
            }
            case COMPLETE, STOPPED -> false;
        };
    }

    private boolean head(ByteBuf in) throws Http1Exception {
        if (scanned == 0 && lineStart == 0) {
            onHeadStarted();
        }
        int length = blockLength(in, true, maxHeadBytes);
        if (length < 0) {
            return false;
        }
        byte[] bytes = new byte[length + headSlack];
        in.readBytes(bytes, 0, length);
        emptyLines = 0;
        onHead(bytes, length);
        return true;
    }

    /**
     * The length of a block of lines up to and including its empty line, or -1 if more bytes are needed. Leading empty
     * lines of a head are skipped.
     */
    private int blockLength(ByteBuf in, boolean skipLeadingEmptyLines, int limit) throws Http1Exception {
        int base = in.readerIndex();
        int end = in.writerIndex();
        while (true) {
            int from = base + scanned;
            int lf = in.indexOf(from, end, (byte) '\n');
            if (lf < 0) {
                scanned = end - base;
                if (scanned > limit) {
                    throw new Http1Exception(431, "http1.headers_too_large");
                }
                return -1;
            }
            int line = base + lineStart;
            if (lf == line || in.getByte(lf - 1) != '\r') {
                throw Http1Exception.codecError();
            }
            scanned = lf + 1 - base;
            if (scanned > limit) {
                throw new Http1Exception(431, "http1.headers_too_large");
            }
            if (lf - 1 == line) {
                if (!skipLeadingEmptyLines || lineStart > 0) {
                    int length = scanned;
                    scanned = 0;
                    lineStart = 0;
                    return length;
                }
                if (++emptyLines > MAX_LEADING_EMPTY_LINES) {
                    throw Http1Exception.codecError();
                }
                in.readerIndex(lf + 1);
                base = lf + 1;
                scanned = 0;
            } else {
                lineStart = scanned;
            }
        }
    }

    private boolean length(ByteBuf in) {
        boolean whole = in.readableBytes() >= remaining;
        ByteBuf bytes = whole ? take(in, (int) remaining) : takeAll(in);
        remaining -= bytes.readableBytes();
        if (whole) {
            state = State.COMPLETE;
        }
        onBody(bytes, whole);
        return true;
    }

    private boolean chunkSize(ByteBuf in) throws Http1Exception {
        int from = in.readerIndex();
        int lf = in.indexOf(from, Math.min(in.writerIndex(), from + MAX_CHUNK_LINE), (byte) '\n');
        if (lf < 0) {
            if (in.readableBytes() >= MAX_CHUNK_LINE) {
                throw Http1Exception.codecError();
            }
            return false;
        }
        long size = 0;
        int at = from;
        for (int digit; (digit = Character.digit(in.getByte(at), 16)) >= 0; at++) {
            if (at - from == 15) {
                throw Http1Exception.codecError();
            }
            size = size << 4 | digit;
        }
        if (at == from || lf == from || in.getByte(lf - 1) != '\r') {
            throw Http1Exception.codecError();
        }
        checkExtension(in, at, lf - 1);
        in.readerIndex(lf + 1);
        remaining = size;
        state = size == 0 ? State.TRAILERS : State.CHUNK_DATA;
        return true;
    }

    /** Extensions are ignored, but may not hide control characters or begin with anything but {@code ;} or blanks. */
    private static void checkExtension(ByteBuf in, int from, int to) throws Http1Exception {
        boolean semicolon = false;
        for (int at = from; at < to; at++) {
            byte b = in.getByte(at);
            boolean blank = b == ' ' || b == '\t';
            if (!semicolon && b != ';' && !blank) {
                throw Http1Exception.codecError();
            }
            semicolon |= b == ';';
            if ((b < 0x20 && b >= 0 && b != '\t') || b == 0x7f) {
                throw Http1Exception.codecError();
            }
        }
        if (!semicolon && from < to) {
            throw Http1Exception.codecError();
        }
    }

    private boolean chunkData(ByteBuf in) {
        ByteBuf bytes = take(in, (int) Math.min(remaining, in.readableBytes()));
        remaining -= bytes.readableBytes();
        if (remaining == 0) {
            state = State.CHUNK_END;
        }
        onBody(bytes, false);
        return true;
    }

    private boolean chunkEnd(ByteBuf in) throws Http1Exception {
        if (in.getByte(in.readerIndex()) != '\r') {
            throw Http1Exception.codecError();
        }
        if (in.readableBytes() < 2) {
            return false;
        }
        if (in.getByte(in.readerIndex() + 1) != '\n') {
            throw Http1Exception.codecError();
        }
        in.skipBytes(2);
        state = State.CHUNK_SIZE;
        return true;
    }

    private boolean trailers(ByteBuf in) throws Http1Exception {
        int length = blockLength(in, false, maxHeadBytes);
        if (length < 0) {
            return false;
        }
        state = State.COMPLETE;
        if (length == 2) {
            in.skipBytes(2);
            onBody(Unpooled.EMPTY_BUFFER, true);
            return true;
        }
        byte[] bytes = new byte[length];
        in.readBytes(bytes);
        Headers trailers = new Headers(bytes, length, 4);
        HeadFields fields = new HeadFields();
        fields.read(bytes, 0, length - 2, trailers, maxFields);
        if (fields.contentLengths + fields.transferEncodings + fields.hosts > 0) {
            throw Http1Exception.codecError();
        }
        onTrailers(trailers);
        return true;
    }

    private ByteBuf take(ByteBuf in, int length) {
        return length == in.readableBytes() ? takeAll(in) : in.readRetainedSlice(length);
    }

    /** The rest of the input: handed over whole if nothing was read from it that others still hold. */
    private ByteBuf takeAll(ByteBuf in) {
        input = null;
        return in;
    }
}
