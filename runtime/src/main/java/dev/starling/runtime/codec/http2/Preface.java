package dev.starling.runtime.codec.http2;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Tells by its first bytes, however they are cut, whether a client speaks HTTP/2 without having said so (RFC 9113 3.4). */
public final class Preface {

    /** In bytes. */
    public static final int LENGTH = 24;

    private static final byte[] BYTES = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private int matched;
    private boolean other;
    private @Nullable ByteBuf held;

    /** Whether more has to be read to know. */
    public boolean undecided() {
        return !other && matched < BYTES.length;
    }

    /** Whether the whole preface has come. */
    public boolean complete() {
        return matched == BYTES.length;
    }

    /**
     * Takes ownership of what was read. Returns what the codec is to read, once it is decided which: everything, or what
     * follows the preface; until then nothing.
     */
    public ByteBuf read(ByteBuf bytes) {
        ByteBuf all = bytes;
        if (held != null) {
            all = held.writeBytes(bytes);
            bytes.release();
            held = null;
        }
        int readable = Math.min(all.readableBytes(), BYTES.length);
        while (matched < readable && !other) {
            other = all.getByte(all.readerIndex() + matched) != BYTES[matched];
            matched += other ? 0 : 1;
        }
        if (complete()) {
            all.skipBytes(BYTES.length);
        } else if (undecided()) {
            held = all;
        }
        return all;
    }

    public void release() {
        if (held != null) {
            held.release();
            held = null;
        }
    }
}
