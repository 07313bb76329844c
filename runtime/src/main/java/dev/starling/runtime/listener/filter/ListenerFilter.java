package dev.starling.runtime.listener.filter;

import dev.starling.runtime.loop.Loop;
import dev.starling.runtime.network.ConnectionTraits;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;

/**
 * Looks at one connection before its filter chain is chosen: once when it is accepted, and then at its first bytes as they
 * come, until it has seen enough. What it finds it writes into the connection's traits. Confined to the loop.
 */
public interface ListenerFilter {

    /** What becomes of the connection. */
    enum Verdict {
        /** Seen enough: the next filter, or the filter chain. */
        CONTINUE,
        /** More bytes are needed. */
        WAIT,
        /** Nothing serves this connection. */
        CLOSE
    }

    /** Makes the filter of one connection; on its loop. */
    @FunctionalInterface
    interface Maker {
        ListenerFilter make(Loop loop);
    }

    /** How many bytes it may want to see, at this moment; what lies beyond stays in the kernel. */
    int maxBytes();

    /** The connection is accepted, or the filter before has passed it on. */
    Verdict onAccept(Channel channel, ConnectionTraits traits);

    /**
     * Bytes have come.
     *
     * @param bytes all that is held, not only what is new; the filter may take away from the front, as nobody behind it is
     *     to see that, but only when it passes the connection on
     */
    Verdict onBytes(ByteBuf bytes, ConnectionTraits traits);

    /** How long it is willing to wait, from when it began to; 0: as long as the listener allows. Asked at each wait. */
    default long patienceNanos() {
        return 0;
    }

    /** Its own patience is over; must not wait any more. */
    default Verdict onSilence(ConnectionTraits traits) {
        return Verdict.CONTINUE;
    }
}
