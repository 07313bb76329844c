package dev.starling.runtime.listener.filter;

import dev.starling.runtime.loop.FollowingReads;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelConfig;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.util.UncheckedBooleanSupplier;

/**
 * Reads the first bytes of a socket, no more than are wanted, and keeps its end to itself. When it is done, the allocator
 * that the channel then has takes over. Confined to the loop.
 */
final class FirstReads implements FollowingReads.Followed {

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
    public ExtendedHandle ownReads() {
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
