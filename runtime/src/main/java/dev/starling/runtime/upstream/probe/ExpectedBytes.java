package dev.starling.runtime.upstream.probe;

import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;

/** Finds blocks of bytes in their order in what comes, whatever stands between them (Envoy: {@code PayloadMatcher}). */
final class ExpectedBytes {

    enum Found {
        MORE,
        ALL,
        TOO_MUCH
    }

    private final List<byte[]> blocks;
    private final int limit;
    private int next;
    private byte[] seen = {};
    private long total;

    /** @param limit of bytes in which all must have been found */
    ExpectedBytes(List<ByteBuffer> blocks, int limit) {
        this.blocks = blocks.stream().map(ExpectedBytes::bytes).toList();
        this.limit = limit;
    }

    private static byte[] bytes(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.duplicate().get(bytes);
        return bytes;
    }

    /** Nothing has come. */
    void begin() {
        next = 0;
        total = 0;
        seen = new byte[0];
    }

    /** The bytes stay the caller's. */
    Found after(ByteBuf bytes) {
        total += bytes.readableBytes();
        seen = joined(seen, bytes);
        while (next < blocks.size()) {
            byte[] block = blocks.get(next);
            int at = indexOf(seen, block);
            if (at < 0) {
                // The end may be the beginning of the block.
                seen = Arrays.copyOfRange(seen, Math.max(0, seen.length - block.length + 1), seen.length);
                return total > limit ? Found.TOO_MUCH : Found.MORE;
            }
            seen = Arrays.copyOfRange(seen, at + block.length, seen.length);
            next++;
        }
        return Found.ALL;
    }

    private static byte[] joined(byte[] before, ByteBuf bytes) {
        byte[] all = Arrays.copyOf(before, before.length + bytes.readableBytes());
        bytes.getBytes(bytes.readerIndex(), all, before.length, bytes.readableBytes());
        return all;
    }

    private static int indexOf(byte[] bytes, byte[] block) {
        for (int at = 0; at + block.length <= bytes.length; at++) {
            if (Arrays.equals(bytes, at, at + block.length, block, 0, block.length)) {
                return at;
            }
        }
        return -1;
    }
}
