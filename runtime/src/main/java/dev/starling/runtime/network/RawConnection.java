package dev.starling.runtime.network;

import dev.starling.runtime.loop.Loop;
import dev.starling.runtime.stats.Gauge;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A socket whose bytes pass as they are, with each direction ended on its own. What happens to it waits here for its
 * owner's turn in the flow; what the owner writes leaves with one flush when the loop's turn ends. Confined to the loop.
 */
public final class RawConnection extends ChannelInboundHandlerAdapter implements Loop.Flushable {

    /** The most one call to the kernel reads. */
    private static final int READ_BYTES = 64 * 1024;

    /** The least one call to the kernel makes room for, so that a large answer after small ones needs few. */
    private static final int LEAST_READ_BYTES = 2048;

    /** Reads from one socket before the loop looks at the others: with {@link #READ_BYTES} it bounds what a turn holds. */
    private static final int READS_PER_TURN = 2;

    private static final RecvByteBufAllocator READS = new AdaptiveRecvByteBufAllocator(
                    LEAST_READ_BYTES, LEAST_READ_BYTES, READ_BYTES)
            .maxMessagesPerRead(READS_PER_TURN);

    private static final Logger log = LoggerFactory.getLogger(RawConnection.class);

    private final Loop loop;
    private final Channel channel;
    private final Owner owner;

    private @Nullable ByteBuf first;
    private @Nullable ArrayDeque<ByteBuf> others;
    private boolean reading;
    private boolean inputShut;
    private boolean shutLast;
    private boolean broken;
    private boolean closed;

    private @Nullable Gauge buffered;
    private long bufferedBytes;
    private int unflushedBytes;
    private boolean listed;
    private boolean full;
    private Ending ending = Ending.NONE;
    private boolean awaitingDrain;
    private boolean outputShut;
    private boolean letGo;

    /** Whose connection it is: given a turn when something has happened to it. */
    public interface Owner {
        void onEvent();
    }

    /** What becomes of our side of the connection when all that was written has left. */
    private enum Ending {
        NONE,
        SHUT_OUTPUT,
        CLOSE
    }

    private RawConnection(Loop loop, Channel channel, Owner owner) {
        this.loop = loop;
        this.channel = channel;
        this.owner = owner;
    }

    /** Takes a channel over; it does not read yet. */
    public static RawConnection over(Channel channel, Loop loop, Owner owner) {
        RawConnection connection = new RawConnection(loop, channel, owner);
        channel.config().setAutoRead(false);
        channel.config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
        channel.config().setRecvByteBufAllocator(READS);
        channel.pipeline().addLast(connection);
        return connection;
    }

    /** Tells a gauge how many bytes wait to be written. */
    public RawConnection reportBuffered(Gauge gauge) {
        buffered = gauge;
        return this;
    }

    // ---- reading --------------------------------------------------------------------------------------------------

    /** Whether the socket is to be read. */
    public void read(boolean on) {
        if (on != reading && !inputShut) {
            reading = on;
            channel.config().setAutoRead(on);
        }
    }

    public boolean reading() {
        return reading;
    }

    /** The next bytes received, now the caller's; null if none wait. */
    public @Nullable ByteBuf poll() {
        ByteBuf bytes = first;
        if (bytes != null) {
            first = others == null ? null : others.poll();
        }
        return bytes;
    }

    /** The peer will send no more, and all that it sent was polled. */
    public boolean inputEnded() {
        return inputShut && first == null;
    }

    /** The peer ended its direction after we had ended ours. */
    public boolean peerEndedLast() {
        return shutLast;
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
                others = new ArrayDeque<>(READS_PER_TURN);
            }
            others.add(bytes);
        }
        owner.onEvent();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event == ChannelInputShutdownEvent.INSTANCE && !inputShut) {
            channel.config().setAutoRead(false);
            reading = false;
            inputShut = true;
            shutLast = ending != Ending.NONE;
            tell();
        }
    }

    /** The connection broke: a reset, or an error of the socket. */
    public boolean broken() {
        return broken || (closed && ending != Ending.CLOSE);
    }

    public boolean closed() {
        return closed;
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (!(cause instanceof IOException)) {
            log.warn("{} fails", channel, cause);
        }
        if (letGo || ending == Ending.CLOSE) {
            channel.close();
        } else {
            broken = true;
            owner.onEvent();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        closed = true;
        reportBuffered(0);
        tell();
    }

    private void tell() {
        if (!letGo) {
            owner.onEvent();
        }
    }

    // ---- writing --------------------------------------------------------------------------------------------------

    /** Writes bytes, which are now ours. */
    public void write(ByteBuf bytes) {
        int length = bytes.readableBytes();
        channel.write(bytes, channel.voidPromise());
        unflushedBytes += length;
        if (unflushedBytes >= Loop.FLUSH_THRESHOLD_BYTES) {
            flush();
        } else {
            flushLater();
        }
    }

    /** Whether more should be written; if not, the owner gets a turn when it is so again. */
    public boolean writable() {
        full = !channel.isWritable();
        return !full;
    }

    /** Bytes that the kernel has not taken yet. */
    public long pendingBytes() {
        ChannelOutboundBuffer pending = channel.unsafe().outboundBuffer();
        return pending == null ? 0 : pending.totalPendingWriteBytes();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        if (full && channel.isWritable()) {
            full = false;
            tell();
        }
    }

    /** Nothing more will be written: our direction ends when what was written has left. */
    public void endOutput() {
        end(Ending.SHUT_OUTPUT);
    }

    /** The connection closes when what was written has left. */
    public void closeAfterFlush() {
        end(Ending.CLOSE);
    }

    private void end(Ending wanted) {
        if (wanted.compareTo(ending) > 0) {
            ending = wanted;
            flushLater();
        }
    }

    private void flushLater() {
        if (!listed) {
            listed = true;
            loop.flushAtEndOfTurn(this);
        }
    }

    @Override
    public void flushOutput() {
        listed = false;
        if (letGo || closed) {
            return;
        }
        if (!outputShut) {
            flush();
        }
        if (ending != Ending.NONE) {
            afterDrain();
        }
    }

    private void flush() {
        unflushedBytes = 0;
        channel.flush();
        if (buffered != null) {
            reportBuffered(pendingBytes());
        }
        if (bufferedBytes > 0) {
            awaitDrain();
        }
    }

    private void awaitDrain() {
        if (!awaitingDrain) {
            awaitingDrain = true;
            channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(this::drained);
        }
    }

    private void drained(Future<?> done) {
        awaitingDrain = false;
        if (!done.isSuccess() || letGo || closed) {
            return;
        }
        if (buffered != null) {
            reportBuffered(pendingBytes());
        }
        if (ending != Ending.NONE) {
            afterDrain();
        }
    }

    private void afterDrain() {
        if (!outputShut && pendingBytes() > 0) {
            awaitDrain();
        } else if (ending == Ending.CLOSE) {
            channel.close();
        } else if (!outputShut && channel instanceof DuplexChannel duplex) {
            outputShut = true;
            duplex.shutdownOutput();
        }
    }

    private void reportBuffered(long bytes) {
        if (buffered != null && bytes != bufferedBytes) {
            buffered.add(loop.stats(), bytes - bufferedBytes);
            bufferedBytes = bytes;
        }
    }

    // ---- the end --------------------------------------------------------------------------------------------------

    /** Closes at once; what has not left is dropped. The owner hears no more of it. */
    public void close() {
        letGo = true;
        for (ByteBuf bytes = poll(); bytes != null; bytes = poll()) {
            bytes.release();
        }
        channel.close();
    }

    /** Closes with a reset, behind what was written and the kernel takes at once. */
    public void abort() {
        if (!outputShut && !closed) {
            channel.flush();
        }
        if (!closed) {
            channel.config().setOption(ChannelOption.SO_LINGER, 0);
        }
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
