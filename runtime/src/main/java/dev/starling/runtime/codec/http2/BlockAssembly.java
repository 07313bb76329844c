package dev.starling.runtime.codec.http2;

import dev.starling.runtime.codec.hpack.HeaderBlock;
import dev.starling.runtime.codec.hpack.HpackDecoder;
import dev.starling.runtime.codec.hpack.HpackException;
import io.netty.buffer.ByteBuf;
import java.util.Arrays;

/** Puts the header block of one message together from its frames, of which there may not be many, and decodes it. */
final class BlockAssembly {

    /** Frames that one header block may come in. */
    private static final int MAX_FRAMES = 64;

    private static final int DEFAULT_TABLE_BYTES = 4096;

    private final int maxBytes;
    private final int tableBytes;
    private final HpackDecoder decoder;
    private final HeaderBlock block;
    private byte[] fragments = new byte[1024];
    private int bytes;
    private int frames;
    private boolean endStream;

    BlockAssembly(Http2Settings settings) {
        this.maxBytes = settings.maxBlockBytes();
        // Until our settings are acknowledged the peer has the default table.
        this.tableBytes = Math.clamp(settings.options().headerTableBytes(), 0, Integer.MAX_VALUE);
        this.decoder = new HpackDecoder(DEFAULT_TABLE_BYTES, Math.max(tableBytes, DEFAULT_TABLE_BYTES));
        this.block = new HeaderBlock(settings.maxHeaderBytes(), settings.maxHeadersCount());
    }

    /** The peer knows the size of its table that we allow. */
    void settingsAcknowledged() {
        decoder.limitTable(tableBytes);
    }

    void begin(boolean lastOfStream) {
        bytes = 0;
        frames = 0;
        endStream = lastOfStream;
    }

    void add(ByteBuf fragment) throws Http2Exception {
        int length = fragment.readableBytes();
        if (++frames > MAX_FRAMES || bytes + length > maxBytes) {
            throw new Http2Exception(Http2Error.ENHANCE_YOUR_CALM, "http2.header_block_too_large");
        }
        if (fragments.length < bytes + length) {
            fragments = Arrays.copyOf(fragments, Math.max(bytes + length, fragments.length * 2));
        }
        fragment.readBytes(fragments, bytes, length);
        bytes += length;
    }

    /** The decoded fields, to be used before the next block comes. */
    HeaderBlock decode() throws Http2Exception {
        try {
            decoder.decode(fragments, 0, bytes, block);
        } catch (HpackException broken) {
            throw new Http2Exception(Http2Error.COMPRESSION_ERROR, "http2.header_compression");
        }
        return block;
    }

    /** Whether nothing follows the block on its stream. */
    boolean endStream() {
        return endStream;
    }
}
