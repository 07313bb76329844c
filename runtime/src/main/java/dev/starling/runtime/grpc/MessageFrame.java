package dev.starling.runtime.grpc;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;

/** A message as it goes over the wire: whether it is compressed, which ours are not, and its length before it. */
public final class MessageFrame {

    static final int PREFIX_BYTES = 5;

    private MessageFrame() {}

    /** @param message not to be changed any more */
    public static ByteBuf of(ByteBuffer message) {
        ByteBuf prefix = Unpooled.buffer(PREFIX_BYTES).writeByte(0).writeInt(message.remaining());
        return Unpooled.wrappedBuffer(prefix, Unpooled.wrappedBuffer(message));
    }
}
