package dev.starling.runtime.grpc;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;

/** A message as it goes over the wire: whether it is compressed, which ours are not, and its length before it. */
public final class MessageFrame {

    static final int PREFIX_BYTES = 5;

    private MessageFrame() {}

    /** @param message copied, and left as it is */
    public static ByteBuf of(ByteBuffer message) {
        int length = message.remaining();
        byte[] frame = new byte[PREFIX_BYTES + length];
        ByteBuffer.wrap(frame).putInt(1, length).put(PREFIX_BYTES, message, message.position(), length);
        return Unpooled.wrappedBuffer(frame);
    }
}
