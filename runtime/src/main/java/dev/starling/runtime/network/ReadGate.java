package dev.starling.runtime.network;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelOption;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.unix.IntegerUnixChannelOption;
import io.netty.util.UncheckedBooleanSupplier;

/**
 * Decides, at each call to the kernel, whether a socket is read. Netty alone would not do: once the peer has ended, its
 * epoll transport reads all that the kernel holds, wanted or not, which may be tens of megabytes; and behind an end it looks
 * for no reset, which the kernel reports until somebody does. So this gate hands out an empty buffer where nothing is
 * wanted, keeps ends to itself, and asks for errors. Confined to the loop.
 */
final class ReadGate implements RecvByteBufAllocator {

    /** The most one call to the kernel reads. */
    private static final int READ_BYTES = 64 * 1024;

    /** The least one call to the kernel makes room for, so that a large answer after small ones needs few. */
    private static final int LEAST_READ_BYTES = 2048;

    /** Reads from one socket before the loop looks at the others: with {@link #READ_BYTES} it bounds what a turn holds. */
    static final int READS_PER_TURN = 2;

    private static final RecvByteBufAllocator SIZES = new AdaptiveRecvByteBufAllocator(
                    LEAST_READ_BYTES, LEAST_READ_BYTES, READ_BYTES)
            .maxMessagesPerRead(READS_PER_TURN);

    /** Netty has no name for it: SOL_SOCKET and SO_ERROR of Linux. Java's own sockets do not know it and answer null. */
    private static final ChannelOption<Integer> ERROR = new IntegerUnixChannelOption("SO_ERROR", 1, 4);

    private final Channel channel;
    private final Peer peer;
    private boolean open;
    private boolean ended;

    /** Whom it tells. */
    interface Peer {

        /** The peer will send no more. */
        void ended();

        /** There is an error behind bytes that are not read. */
        void broke();
    }

    private ReadGate(Channel channel, Peer peer) {
        this.channel = channel;
        this.peer = peer;
    }

    /** Before the channel's first read; it is closed at first. */
    static ReadGate before(Channel channel, Peer peer) {
        ReadGate gate = new ReadGate(channel, peer);
        channel.config().setAutoRead(false);
        channel.config().setRecvByteBufAllocator(gate);
        return gate;
    }

    void open(boolean wanted) {
        if (wanted != open && !ended) {
            open = wanted;
            channel.config().setAutoRead(wanted);
        }
    }

    boolean isOpen() {
        return open;
    }

    /** The peer has ended, and all that it sent was read. */
    boolean ended() {
        return ended;
    }

    @Override
    @SuppressWarnings("deprecation") // Netty's interface asks for it
    public Handle newHandle() {
        return new Reads(SIZES.newHandle());
    }

    /** The peer will send no more. */
    void end() {
        if (!ended) {
            open(false);
            ended = true;
            peer.ended();
        }
    }

    private void lookForError() {
        Integer error = channel.isOpen() ? channel.config().getOption(ERROR) : null;
        if (error != null && error != 0) {
            peer.broke();
        }
    }

    private final class Reads extends DelegatingHandle implements ExtendedHandle {

        private int left;

        /** The last buffer was empty because nothing was wanted: what was read into it says nothing. */
        private boolean refused;

        @SuppressWarnings("deprecation") // Netty's interface asks for it
        Reads(Handle sizes) {
            super(sizes);
        }

        @Override
        public void reset(ChannelConfig config) {
            super.reset(config);
            left = READS_PER_TURN;
            refused = false;
        }

        @Override
        public ByteBuf allocate(ByteBufAllocator allocator) {
            if (open && left > 0) {
                left--;
                return super.allocate(allocator);
            }
            refused = true;
            return Unpooled.EMPTY_BUFFER;
        }

        @Override
        public void lastBytesRead(int bytes) {
            if (refused) {
                return;
            }
            super.lastBytesRead(Math.max(bytes, 0));
            if (bytes < 0) {
                end();
            }
        }

        @Override
        public int lastBytesRead() {
            return refused ? 0 : super.lastBytesRead();
        }

        @Override
        public boolean continueReading(UncheckedBooleanSupplier maybeMore) {
            return open && ((ExtendedHandle) delegate()).continueReading(maybeMore);
        }

        /** Nobody asked for this look at the socket, so the kernel did: the peer has ended, or there is an error. */
        @Override
        public void readComplete() {
            super.readComplete();
            if (refused && !open) {
                lookForError();
            }
        }
    }
}
