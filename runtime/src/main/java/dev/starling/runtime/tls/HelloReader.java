package dev.starling.runtime.tls;

import dev.starling.runtime.tls.hello.HelloRecords;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import org.jspecify.annotations.Nullable;

/** Looks at a client's first bytes on their way to the provider, which tells little of what they say. Confined to the loop. */
final class HelloReader extends ChannelInboundHandlerAdapter {

    /** Longer ones are not read by providers either. */
    private static final int MAX_BYTES = 16 * 1024 + 1024;

    private final HandshakeNotes.Note note;
    private @Nullable ByteBuf begun;

    HelloReader(HandshakeNotes.Note note) {
        this.note = note;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (message instanceof ByteBuf bytes && look(context, bytes)) {
            context.pipeline().remove(this);
        }
        context.fireChannelRead(message);
    }

    /** Whether there is no more to look at. */
    private boolean look(ChannelHandlerContext context, ByteBuf bytes) {
        HelloRecords records = new HelloRecords();
        ByteBuf all = bytes;
        if (begun != null) {
            begun.writeBytes(bytes, bytes.readerIndex(), bytes.readableBytes());
            all = begun;
        }
        switch (records.read(all)) {
            case COMPLETE -> note.hello = records.hello();
            case INCOMPLETE -> {
                if (begun == null) {
                    begun = context.alloc().buffer(bytes.readableBytes());
                    begun.writeBytes(bytes, bytes.readerIndex(), bytes.readableBytes());
                }
                return begun.readableBytes() > MAX_BYTES;
            }
            case OTHER, CLOSED -> {} // the provider will say what it is
        }
        return true;
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        if (begun != null) {
            begun.release();
            begun = null;
        }
    }
}
