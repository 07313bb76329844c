package dev.starling.runtime.grpc;

import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Takes messages out of the bytes of a gRPC stream, one when one is asked for. What comes before that stays as it is and
 * uncredited, so that the peer's windows bound it. Confined to the loop.
 */
public final class MessageReader {

    /** Nothing is allocated for a length that is only told; a message grows as its bytes come. */
    private static final int FIRST_BYTES = 4 * 1024;

    private final long maxMessage;
    private final ArrayDeque<ByteBuf> waiting = new ArrayDeque<>();
    private int prefixBytes;
    private int flags;
    private byte[] message = {};
    private int length;
    private long left;
    private int consumed;

    /** @param maxMessage bytes of the longest message that is taken */
    public MessageReader(long maxMessage) {
        this.maxMessage = maxMessage;
    }

    /** Takes ownership. */
    public void add(ByteBuf bytes) {
        if (bytes.isReadable()) {
            waiting.add(bytes);
        } else {
            bytes.release();
        }
    }

    /** Whether nothing waits to be looked at. */
    public boolean isEmpty() {
        return waiting.isEmpty();
    }

    /** The next message, or null if it is not complete; then all that has come has been consumed. */
    public @Nullable ByteBuffer next() throws BrokenFrame {
        for (ByteBuf bytes = waiting.peek(); bytes != null; bytes = waiting.peek()) {
            boolean complete = take(bytes);
            if (!bytes.isReadable()) {
                waiting.remove().release();
            }
            if (complete) {
                ByteBuffer whole = ByteBuffer.wrap(message, 0, length);
                message = new byte[0];
                length = 0;
                prefixBytes = 0;
                return whole;
            }
        }
        return null;
    }

    /** Whether the message is complete. */
    private boolean take(ByteBuf bytes) throws BrokenFrame {
        while (prefixBytes < MessageFrame.PREFIX_BYTES && bytes.isReadable()) {
            int next = bytes.readUnsignedByte();
            consumed++;
            if (prefixBytes == 0) {
                flags = next;
                left = 0;
            } else {
                left = left << 8 | next;
            }
            if (++prefixBytes == MessageFrame.PREFIX_BYTES) {
                judge();
            }
        }
        if (prefixBytes < MessageFrame.PREFIX_BYTES) {
            return false;
        }
        int more = (int) Math.min(left, bytes.readableBytes());
        if (message.length - length < more) {
            long whole = length + left;
            message = Arrays.copyOf(message, (int) Math.min(
                    whole, Math.max(FIRST_BYTES, 2L * Math.max(message.length, length + more))));
        }
        bytes.readBytes(message, length, more);
        length += more;
        consumed += more;
        left -= more;
        return left == 0;
    }

    private void judge() throws BrokenFrame {
        if (flags > 1) {
            throw new BrokenFrame(GrpcStatus.INTERNAL, "a message with the flags " + flags);
        }
        if (flags == 1 && left > 0) {
            throw new BrokenFrame(GrpcStatus.INTERNAL, "a compressed message, which was not offered");
        }
        if (left > maxMessage) {
            throw new BrokenFrame(
                    GrpcStatus.RESOURCE_EXHAUSTED, "a message of " + left + " bytes, " + maxMessage + " are allowed");
        }
    }

    /** Bytes that have been made use of since this was last asked. */
    public int takeConsumed() {
        int taken = consumed;
        consumed = 0;
        return taken;
    }

    public void release() {
        waiting.forEach(ByteBuf::release);
        waiting.clear();
    }
}
