package dev.starling.runtime.grpc;

import io.netty.buffer.ByteBuf;

/** Counts gRPC's length-prefixed messages as they pass, and keeps none of them. */
public final class FrameCounter {

    private static final int HEADER_BYTES = 5;

    private int headerBytes;
    private long length;
    private long payloadLeft;

    /** How many messages begin in these bytes, which are only looked at. */
    public int begunIn(ByteBuf bytes) {
        int begun = 0;
        int at = bytes.readerIndex();
        int end = bytes.writerIndex();
        while (at < end) {
            if (payloadLeft > 0) {
                int passed = (int) Math.min(payloadLeft, end - at);
                payloadLeft -= passed;
                at += passed;
                continue;
            }
            if (headerBytes == 0) {
                begun++;
                length = 0;
            } else {
                length = length << 8 | bytes.getUnsignedByte(at);
            }
            at++;
            if (++headerBytes == HEADER_BYTES) {
                headerBytes = 0;
                payloadLeft = length;
            }
        }
        return begun;
    }
}
