package dev.starling.runtime.loop;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelConfig;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.RecvByteBufAllocator.ExtendedHandle;
import io.netty.util.UncheckedBooleanSupplier;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Reads a socket as the allocator has it that the channel has at the moment. Netty asks a channel for its allocator's handle
 * but once, at the first read; who reads the first bytes is not who serves the connection. Confined to the loop.
 */
@SuppressWarnings("deprecation") // Netty's interface asks for it
public final class FollowingReads implements ExtendedHandle {

    private @Nullable ChannelConfig config;
    private RecvByteBufAllocator followed;
    private ExtendedHandle reads;

    /** An allocator whose handles follow. */
    public interface Followed extends RecvByteBufAllocator {

        /** A handle that reads for this allocator alone. */
        ExtendedHandle ownReads();

        @Override
        default Handle newHandle() {
            return new FollowingReads(this);
        }
    }

    private record FirstAllocator(RecvByteBufAllocator reading) implements Followed {
        @Override
        public ExtendedHandle ownReads() {
            return (ExtendedHandle) reading.newHandle();
        }
    }

    private FollowingReads(Followed first) {
        followed = first;
        reads = first.ownReads();
    }

    /** Before the channel's first read: it reads as before, but an allocator that it is given later is followed. */
    public static void prepare(Channel channel) {
        ChannelConfig config = channel.config();
        config.setRecvByteBufAllocator(new FirstAllocator(config.getRecvByteBufAllocator()));
    }

    @Override
    public void reset(ChannelConfig given) {
        config = given;
        if (!follow()) {
            reads.reset(given);
        }
    }

    private boolean follow() {
        ChannelConfig known = Objects.requireNonNull(config);
        RecvByteBufAllocator current = known.getRecvByteBufAllocator();
        if (Objects.equals(current, followed)) {
            return false;
        }
        followed = current;
        reads = current instanceof Followed other ? other.ownReads() : (ExtendedHandle) current.newHandle();
        reads.reset(known);
        return true;
    }

    /** The connection may have been taken over since the last read. */
    @Override
    public ByteBuf allocate(ByteBufAllocator allocator) {
        follow();
        return reads.allocate(allocator);
    }

    @Override
    public int guess() {
        return reads.guess();
    }

    @Override
    public void incMessagesRead(int number) {
        reads.incMessagesRead(number);
    }

    @Override
    public void lastBytesRead(int bytes) {
        reads.lastBytesRead(bytes);
    }

    @Override
    public int lastBytesRead() {
        return reads.lastBytesRead();
    }

    @Override
    public void attemptedBytesRead(int bytes) {
        reads.attemptedBytesRead(bytes);
    }

    @Override
    public int attemptedBytesRead() {
        return reads.attemptedBytesRead();
    }

    @Override
    public boolean continueReading() {
        return reads.continueReading();
    }

    @Override
    public boolean continueReading(UncheckedBooleanSupplier maybeMore) {
        return reads.continueReading(maybeMore);
    }

    @Override
    public void readComplete() {
        reads.readComplete();
    }
}
