package dev.starling.runtime.listener.filter;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelConfig;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.util.UncheckedBooleanSupplier;
import java.util.Objects;

/**
 * Reads the first bytes of a socket, no more than are wanted, and keeps its end to itself. When it is done, the allocator
 * that the channel then has takes over: Netty asks a channel for its allocator's handle but once, at the first read, so
 * this handle looks before each round of reads whose turn it is. Confined to the loop.
 */
final class FirstReads implements RecvByteBufAllocator {

    /** One call to the kernel makes room for so much, or for what is wanted if that is less. */
    private static final int READ_BYTES = 2048;

    private final Channel channel;
    private final RecvByteBufAllocator allocatorBefore;
    private final Peer peer;

    /** Whom it tells. */
    interface Peer {

        /** How many bytes are wanted now. */
        int wanted();

        /** The client will send no more. */
        void ended();
    }

    private FirstReads(Channel channel, Peer peer) {
        this.channel = channel;
        this.allocatorBefore = channel.config().getRecvByteBufAllocator();
        this.peer = peer;
    }

    /** Before the channel's first read. */
    static FirstReads of(Channel channel, Peer peer) {
        FirstReads reads = new FirstReads(channel, peer);
        channel.config().setRecvByteBufAllocator(reads);
        return reads;
    }

    /** Whoever serves the connection reads it from now on, as if nothing had been before. */
    void done() {
        channel.config().setRecvByteBufAllocator(allocatorBefore);
    }

    @Override
    @SuppressWarnings("deprecation") // Netty's interface asks for it
    public Handle newHandle() {
        return new Following();
    }

    /** Passes on to the handle of whatever allocator the channel has. */
    @SuppressWarnings("deprecation") // Netty's interface asks for it
    private final class Following implements ExtendedHandle {

        private RecvByteBufAllocator followed = FirstReads.this;
        private ExtendedHandle reads = new Reads();

        @Override
        public void reset(ChannelConfig config) {
            RecvByteBufAllocator current = config.getRecvByteBufAllocator();
            if (!Objects.equals(current, followed)) {
                followed = current;
                // Another connection's inspection of the same channel is followed to its own reads, not to its
                // following.
                reads = current instanceof FirstReads others ? others.reads() : (ExtendedHandle) current.newHandle();
            }
            reads.reset(config);
        }

        @Override
        public ByteBuf allocate(ByteBufAllocator allocator) {
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

    private ExtendedHandle reads() {
        return new Reads();
    }

    /** One read a round. */
    @SuppressWarnings("deprecation") // Netty's interface asks for it
    private final class Reads implements ExtendedHandle {

        private int lastBytes;
        private int attemptedBytes;

        @Override
        public void reset(ChannelConfig config) {
            lastBytes = 0;
        }

        @Override
        public ByteBuf allocate(ByteBufAllocator allocator) {
            int wanted = peer.wanted();
            return wanted == 0 ? Unpooled.EMPTY_BUFFER : allocator.ioBuffer(Math.min(wanted, READ_BYTES));
        }

        @Override
        public int guess() {
            return READ_BYTES;
        }

        @Override
        public void incMessagesRead(int number) {}

        @Override
        public void lastBytesRead(int bytes) {
            lastBytes =
                    Math.max(bytes, 0); // Netty hears of no end: whoever serves the connection is to find it himself
            if (bytes < 0) {
                peer.ended();
            }
        }

        @Override
        public int lastBytesRead() {
            return lastBytes;
        }

        @Override
        public void attemptedBytesRead(int bytes) {
            attemptedBytes = bytes;
        }

        @Override
        public int attemptedBytesRead() {
            return attemptedBytes;
        }

        @Override
        public boolean continueReading() {
            return false;
        }

        @Override
        public boolean continueReading(UncheckedBooleanSupplier maybeMore) {
            return false;
        }

        @Override
        public void readComplete() {}
    }
}
