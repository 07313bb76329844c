package dev.starling.runtime.network;

import dev.starling.runtime.loop.Loop;
import dev.starling.runtime.stats.Gauge;
import dev.starling.runtime.tls.OutputEnd;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.socket.DuplexChannel;
import io.netty.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * What one socket sends: it leaves with one flush when the loop's turn ends, and our direction ends behind it. Confined to
 * the loop.
 */
final class RawOutput implements Loop.Flushable {

    private final Loop loop;
    private final Channel channel;

    private @Nullable Gauge buffered;
    private long bufferedBytes;
    private int unflushedBytes;
    private boolean listed;
    private boolean full;
    private Ending ending = Ending.NONE;

    /** An empty buffer is queued behind what waits, to tell when that has left. */
    private boolean marked;

    private boolean shut;

    /** What becomes of our side of the connection when all that was written has left. */
    private enum Ending {
        NONE,
        SHUT,
        CLOSE
    }

    RawOutput(Loop loop, Channel channel) {
        this.loop = loop;
        this.channel = channel;
    }

    void reportBuffered(Gauge gauge) {
        buffered = gauge;
    }

    void write(ByteBuf bytes) {
        int length = bytes.readableBytes();
        channel.write(bytes, channel.voidPromise());
        unflushedBytes += length;
        if (unflushedBytes >= Loop.FLUSH_THRESHOLD_BYTES) {
            flush();
        } else {
            flushLater();
        }
    }

    boolean writable() {
        full = !channel.isWritable();
        return !full;
    }

    /** Whether there is room again since {@link #writable} said that there is none. */
    boolean writableAgain() {
        return full && writable();
    }

    long pendingBytes() {
        ChannelOutboundBuffer pending = channel.unsafe().outboundBuffer();
        return pending == null ? 0 : pending.totalPendingWriteBytes();
    }

    void endAfterFlush() {
        end(Ending.SHUT);
    }

    void closeAfterFlush() {
        end(Ending.CLOSE);
    }

    private void end(Ending wanted) {
        if (wanted.compareTo(ending) > 0) {
            ending = wanted;
            flushLater();
        }
    }

    boolean ending() {
        return ending != Ending.NONE;
    }

    boolean closing() {
        return ending == Ending.CLOSE;
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
        if (channel.isOpen()) {
            flush();
        }
    }

    private void flush() {
        unflushedBytes = 0;
        channel.flush();
        long pending = pendingBytes();
        report(pending);
        if (pending > 0) {
            mark();
        } else {
            atEnd();
        }
    }

    private void mark() {
        if (!marked && (buffered != null || ending != Ending.NONE)) {
            marked = true;
            channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(this::passed);
        }
    }

    /** Called while Netty still counts the mark itself as waiting, so what is left is looked at later. */
    private void passed(Future<?> mark) {
        marked = false;
        if (mark.isSuccess()) {
            flushLater();
        }
    }

    private void atEnd() {
        if (ending == Ending.CLOSE) {
            channel.close();
        } else if (ending == Ending.SHUT && !shut && channel instanceof DuplexChannel duplex) {
            shut = true;
            OutputEnd.end(duplex);
        }
    }

    private void report(long bytes) {
        if (buffered != null && bytes != bufferedBytes) {
            buffered.add(loop.stats(), bytes - bufferedBytes);
            bufferedBytes = bytes;
        }
    }

    /** The channel has closed, with what waited. */
    void closed() {
        report(0);
    }

    /** Has the channel close with a reset, behind what the kernel takes at once. */
    void resetOnClose() {
        if (channel.isOpen()) {
            channel.flush();
        }
        if (channel.isOpen()) {
            channel.config().setOption(ChannelOption.SO_LINGER, 0);
        }
    }
}
