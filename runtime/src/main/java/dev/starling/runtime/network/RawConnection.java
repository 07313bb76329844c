package dev.starling.runtime.network;

import dev.starling.runtime.loop.Loop;
import dev.starling.runtime.stats.Gauge;
import dev.starling.runtime.tls.HalfClose;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import java.io.IOException;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A socket whose bytes pass as they are, with each direction ended on its own. What happens to it waits here for its
 * owner's turn in the flow; what the owner writes leaves with one flush when the loop's turn ends. Confined to the loop.
 */
public final class RawConnection extends ChannelInboundHandlerAdapter implements ReadGate.Peer {

    private static final Logger log = LoggerFactory.getLogger(RawConnection.class);

    private final Channel channel;
    private final Owner owner;
    private final ReadGate gate;
    private final RawOutput output;

    private @Nullable ByteBuf first;
    private @Nullable ArrayDeque<ByteBuf> others;
    private boolean peerEndedLast;
    private boolean broken;
    private boolean closed;
    private boolean letGo;

    /** Whose connection it is: given a turn when something has happened to it. */
    public interface Owner {
        void onEvent();
    }

    private RawConnection(Loop loop, Channel channel, Owner owner) {
        this.channel = channel;
        this.owner = owner;
        this.gate = ReadGate.before(channel, this);
        this.output = new RawOutput(loop, channel);
    }

    /** Takes a channel over; it does not read yet. */
    public static RawConnection over(Channel channel, Loop loop, Owner owner) {
        RawConnection connection = new RawConnection(loop, channel, owner);
        HalfClose.allow(channel);
        channel.pipeline().addLast(connection);
        return connection;
    }

    /** Tells a gauge how many bytes wait to be written. */
    public RawConnection reportBuffered(Gauge gauge) {
        output.reportBuffered(gauge);
        return this;
    }

    // ---- reading --------------------------------------------------------------------------------------------------

    /** Whether the socket is to be read. */
    public void read(boolean wanted) {
        gate.open(wanted);
    }

    public boolean reading() {
        return gate.isOpen();
    }

    /** The next bytes received, now the caller's; null if none wait. */
    public @Nullable ByteBuf poll() {
        ByteBuf bytes = first;
        if (bytes != null) {
            first = others == null ? null : others.poll();
        }
        return bytes;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ByteBuf bytes = (ByteBuf) message;
        if (letGo) {
            bytes.release();
            return;
        }
        if (first == null) {
            first = bytes;
        } else {
            if (others == null) {
                others = new ArrayDeque<>(ReadGate.READS_PER_TURN);
            }
            others.add(bytes);
        }
        owner.onEvent();
    }

    /** A secured peer says that it will send no more. */
    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event instanceof SslCloseCompletionEvent completion && completion.isSuccess()) {
            gate.end();
        }
    }

    @Override
    public void ended() {
        peerEndedLast = output.ending();
        tell();
    }

    /** The peer will send no more, and all that it sent was polled. */
    public boolean inputEnded() {
        return gate.ended() && first == null;
    }

    /** The peer ended its direction after we had ended ours. */
    public boolean peerEndedLast() {
        return peerEndedLast;
    }

    // ---- writing --------------------------------------------------------------------------------------------------

    /** Writes bytes, which are now ours. */
    public void write(ByteBuf bytes) {
        output.write(bytes);
    }

    /** Whether more should be written; if not, the owner gets a turn when it is so again. */
    public boolean writable() {
        return output.writable();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        if (output.writableAgain()) {
            tell();
        }
    }

    /** Bytes that the kernel has not taken yet. */
    public long pendingBytes() {
        return output.pendingBytes();
    }

    /** Nothing more will be written: our direction ends when what was written has left. */
    public void endOutput() {
        output.endAfterFlush();
    }

    // ---- the end --------------------------------------------------------------------------------------------------

    /** The connection closes when what was written has left. */
    public void closeAfterFlush() {
        output.closeAfterFlush();
    }

    /** The connection broke: a reset, or an error of the socket. */
    public boolean broken() {
        return broken || (closed && !output.closing());
    }

    public boolean closed() {
        return closed;
    }

    @Override
    public void broke() {
        if (letGo || output.closing()) {
            channel.close();
        } else {
            broken = true;
            owner.onEvent();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (!(cause instanceof IOException)) {
            log.warn("{} fails", channel, cause);
        }
        broke();
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        closed = true;
        output.closed();
        tell();
    }

    private void tell() {
        if (!letGo) {
            owner.onEvent();
        }
    }

    /** Closes at once; what has not left is dropped. The owner hears no more of it. */
    public void close() {
        letGo = true;
        for (ByteBuf bytes = poll(); bytes != null; bytes = poll()) {
            bytes.release();
        }
        channel.close();
    }

    /** Closes behind what was written, as far as the kernel takes that at once. */
    public void closeBehindWritten() {
        output.flushOutput();
        close();
    }

    /** Closes with a reset, behind what was written and the kernel takes at once. */
    public void abort() {
        letGo = true;
        output.resetOnClose();
        close();
    }

    public Channel channel() {
        return channel;
    }

    @Override
    public String toString() {
        return channel.toString();
    }
}
