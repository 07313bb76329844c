package dev.starling.runtime.http.filter;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/** Body bytes on their way through the filters. Owns its buffer until it is taken. */
@SuppressWarnings("ReferenceEquality") // is it the very buffer?
public final class Chunk {

    private ByteBuf bytes;

    public Chunk(ByteBuf bytes) {
        this.bytes = bytes;
    }

    /** The bytes, still owned by the chunk. */
    public ByteBuf bytes() {
        return bytes;
    }

    /** Puts other bytes in place of these, which are released. */
    public void replace(ByteBuf other) {
        if (other != bytes) {
            bytes.release();
            bytes = other;
        }
    }

    /** The bytes, now the caller's. The chunk is spent. */
    public ByteBuf take() {
        ByteBuf taken = bytes;
        bytes = Unpooled.EMPTY_BUFFER;
        return taken;
    }
}
