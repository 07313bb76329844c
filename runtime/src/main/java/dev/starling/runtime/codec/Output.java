package dev.starling.runtime.codec;

import dev.starling.config.http.Http1Options.HeaderCase;
import dev.starling.runtime.loop.Loop;
import dev.starling.runtime.message.Ascii;
import dev.starling.runtime.message.Headers;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOutboundBuffer;
import org.jspecify.annotations.Nullable;

/**
 * What a connection writes in one turn of its loop: heads and small bodies gather in one buffer, large bodies follow
 * without a copy, and all goes out with one flush when the turn ends. Confined to the loop.
 */
public final class Output implements Loop.Flushable {

    /** Bodies up to this size are copied behind their head instead of taking a buffer of their own to the kernel. */
    static final int COPY_LIMIT = 2048;

    private static final int FIRST_CAPACITY = 512;
    private static final byte[] HEX = "0123456789abcdef".getBytes(java.nio.charset.StandardCharsets.US_ASCII);

    private final Loop loop;
    private final Channel channel;
    private final boolean properCase;
    private @Nullable ByteBuf gathered;
    private boolean listed;
    private long bytesWritten;
    private long bytesReported;
    private long bytesFlushed;
    private @Nullable Runnable afterFlush;

    public Output(Loop loop, Channel channel) {
        this(loop, channel, HeaderCase.LOWER);
    }

    public Output(Loop loop, Channel channel, HeaderCase headerCase) {
        this.loop = loop;
        this.channel = channel;
        this.properCase = headerCase == HeaderCase.PROPER_CASE_WORDS;
    }

    /** Bytes written so far, framing included, whether or not they have left. */
    public long bytesWritten() {
        return bytesWritten;
    }

    /** Bytes written since the last call. */
    public long takeWritten() {
        long written = bytesWritten - bytesReported;
        bytesReported = bytesWritten;
        return written;
    }

    /** Bytes that a flush has offered to the kernel. */
    public long bytesFlushed() {
        return bytesFlushed;
    }

    /** Bytes that have left for the kernel, at least: what waits is counted with the overhead of its buffers. */
    public long bytesSent() {
        ChannelOutboundBuffer buffer = channel.unsafe().outboundBuffer();
        long waiting = (gathered == null ? 0 : gathered.readableBytes())
                + (buffer == null ? 0 : buffer.totalPendingWriteBytes());
        return bytesWritten - waiting;
    }

    /** A start line of at most {@code lineBound} bytes and the headers. */
    public void head(HeadWriter startLine, int lineBound, Headers headers, @Nullable HeadWriter more) {
        int bound = lineBound + headers.encodedBound() + 128;
        byte[] scratch = loop.scratch(bound);
        int fields = startLine.write(scratch, 0);
        int at = headers.writeTo(scratch, fields);
        if (more != null) {
            at = more.write(scratch, at);
        }
        if (properCase) {
            properCase(scratch, fields, at);
        }
        scratch[at++] = '\r';
        scratch[at++] = '\n';
        gather(at).writeBytes(scratch, 0, at);
        bytesWritten += at;
        flushLater();
    }

    /** Writes bytes at a position of an array with room and returns the position after them. */
    public interface HeadWriter {
        int write(byte[] target, int position);
    }

    /** A few bytes, copied. */
    public void bytes(byte[] from, int start, int length) {
        gather(length).writeBytes(from, start, length);
        bytesWritten += length;
        flushLater();
    }

    /** Body bytes as they are; takes ownership. */
    public void body(ByteBuf bytes) {
        int length = bytes.readableBytes();
        bytesWritten += length;
        if (length <= COPY_LIMIT) {
            if (length > 0) {
                gather(length).writeBytes(bytes);
            }
            bytes.release();
        } else {
            pass();
            channel.write(bytes, channel.voidPromise());
        }
        flushLater();
    }

    /** One chunk (RFC 9112 7.1); takes ownership; empty bytes write nothing. */
    public void chunk(ByteBuf bytes) {
        int length = bytes.readableBytes();
        if (length == 0) {
            bytes.release();
            return;
        }
        ByteBuf out = gather(12);
        int before = out.writerIndex();
        for (int shift = (31 - Integer.numberOfLeadingZeros(length)) / 4 * 4; shift >= 0; shift -= 4) {
            out.writeByte(HEX[length >> shift & 15]);
        }
        out.writeShort('\r' << 8 | '\n');
        bytesWritten += out.writerIndex() - before;
        body(bytes);
        gather(2).writeShort('\r' << 8 | '\n');
        bytesWritten += 2;
    }

    /** The last chunk with its trailers, if any. */
    public void lastChunk(@Nullable Headers trailers) {
        int bound = 8 + (trailers == null ? 0 : trailers.encodedBound());
        byte[] scratch = loop.scratch(bound);
        int at = Ascii.append(scratch, 0, "0\r\n");
        if (trailers != null) {
            at = trailers.writeTo(scratch, at);
        }
        if (properCase) {
            properCase(scratch, 0, at);
        }
        at = Ascii.append(scratch, at, "\r\n");
        gather(at).writeBytes(scratch, 0, at);
        bytesWritten += at;
        flushLater();
    }

    /** Makes capitals of the letters that begin a word in the names of these lines. */
    private static void properCase(byte[] lines, int start, int end) {
        boolean inName = true;
        boolean wordBegins = true;
        for (int i = start; i < end; i++) {
            byte b = lines[i];
            if (b == '\n') {
                inName = true;
                wordBegins = true;
            } else if (b == ':') {
                inName = false;
            } else if (inName) {
                boolean letter = b >= 'a' && b <= 'z';
                if (letter && wordBegins) {
                    lines[i] = (byte) (b - 'a' + 'A');
                }
                wordBegins = !letter && (b < '0' || b > '9');
            }
        }
    }

    /** Runs after everything written so far has been given to the kernel and the flush is complete. */
    public void afterFlush(Runnable task) {
        afterFlush = task;
        flushLater();
    }

    /** Bytes that have been written and have not left for the kernel. Counts them: not for every turn. */
    public long unsentBytes() {
        long[] unsent = {gathered == null ? 0 : gathered.readableBytes()};
        ChannelOutboundBuffer buffer = channel.unsafe().outboundBuffer();
        if (buffer != null) {
            try {
                buffer.forEachFlushedMessage(message -> {
                    unsent[0] += message instanceof ByteBuf bytes ? bytes.readableBytes() : 0;
                    return true;
                });
            } catch (Exception impossible) {
                throw new IllegalStateException(impossible);
            }
        }
        return unsent[0];
    }

    public void release() {
        if (gathered != null) {
            gathered.release();
            gathered = null;
        }
        afterFlush = null;
    }

    private ByteBuf gather(int length) {
        if (gathered != null && gathered.readableBytes() + length > Loop.FLUSH_THRESHOLD_BYTES) {
            pass();
        }
        if (gathered == null) {
            gathered = channel.alloc().directBuffer(Math.max(FIRST_CAPACITY, length));
        }
        return gathered;
    }

    private void pass() {
        if (gathered != null) {
            ByteBuf bytes = gathered;
            gathered = null;
            channel.write(bytes, channel.voidPromise());
        }
    }

    private void flushLater() {
        if (!listed) {
            listed = true;
            loop.flushAtEndOfTurn(this);
        }
    }

    @Override
    public void flushOutput() {
        listed = false;
        if (!channel.isActive()) {
            release();
            return;
        }
        pass();
        bytesFlushed = bytesWritten;
        Runnable after = afterFlush;
        if (after != null) {
            afterFlush = null;
            channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(done -> after.run());
        } else {
            channel.flush();
        }
    }
}
