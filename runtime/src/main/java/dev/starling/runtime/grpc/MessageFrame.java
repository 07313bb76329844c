package dev.starling.runtime.grpc;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;

/** A message as it goes over the wire: whether it is compressed, which ours are not, and its length before it. */
public final class MessageFrame {

    static final int PREFIX_BYTES = 5;

    /** What is longer is not copied: many may be sent the same. */
    private static final int COPY_LIMIT = 2048;

    private MessageFrame() {}

    /** @param message not to be changed any more */
    public static ByteBuf of(ByteBuffer message) {
        int length = message.remaining();
        if (length > COPY_LIMIT) {
            ByteBuf prefix = Unpooled.buffer(PREFIX_BYTES).writeByte(0).writeInt(length);
            return Unpooled.wrappedBuffer(prefix, Unpooled.wrappedBuffer(message));
        }
        byte[] frame = new byte[PREFIX_BYTES + length];
        ByteBuffer.wrap(frame).putInt(1, length).put(PREFIX_BYTES, message, message.position(), length);
        return Unpooled.wrappedBuffer(frame);
    }
}
