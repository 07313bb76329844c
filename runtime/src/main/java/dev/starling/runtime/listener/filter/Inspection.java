package dev.starling.runtime.listener.filter;

import dev.starling.runtime.listener.filter.ListenerFilter.Verdict;
import dev.starling.runtime.listener.filter.ListenerFilters.Continuation;
import dev.starling.runtime.loop.Loop;
import dev.starling.runtime.loop.TimerWheel;
import dev.starling.runtime.network.ConnectionTraits;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection's way through its listener's filters. It has the channel meanwhile, and owns what it has read until that is
 * handed on with the connection. Confined to the loop.
 */
final class Inspection extends ChannelInboundHandlerAdapter implements FirstReads.Peer {

    private static final Logger log = LoggerFactory.getLogger(Inspection.class);

    private final ListenerFilters filters;
    private final Channel channel;
    private final ConnectionTraits traits;
    private final Loop loop;
    private final Continuation next;
    private final Deadline deadline = new Deadline();
    private final Patience patience = new Patience();

    private ByteBuf held;
    private int position;
    private @Nullable ListenerFilter waiting;
    private @Nullable FirstReads reads;
    private long acceptedNanos;
    private long waitingSinceNanos;
    private boolean over;

    Inspection(
            ListenerFilters filters,
            Channel channel,
            ConnectionTraits traits,
            Loop loop,
            ByteBuf held,
            Continuation next) {
        this.filters = filters;
        this.channel = channel;
        this.traits = traits;
        this.loop = loop;
        this.held = held;
        this.next = next;
    }

    void begin() {
        filters.stats().active().add(loop.stats(), 1);
        acceptedNanos = loop.nanoTime();
        try {
            nextFilter();
        } catch (RuntimeException fault) {
            fail(fault);
        }
    }

    /** Goes on until a filter waits, or to the end. */
    private void nextFilter() {
        waiting = null;
        patience.cancel();
        while (position < filters.size()) {
            int current = position++;
            if (filters.disabled(current, traits)) {
                continue;
            }
            ListenerFilter filter = filters.make(current, loop);
            Verdict verdict = filter.onAccept(channel, traits);
            if (verdict == Verdict.WAIT && held.isReadable()) {
                verdict = filter.onBytes(held, traits);
            }
            if (verdict == Verdict.CLOSE) {
                close();
                return;
            }
            if (verdict == Verdict.WAIT) {
                await(filter);
                return;
            }
        }
        handOn();
    }

    private void await(ListenerFilter filter) {
        waiting = filter;
        waitingSinceNanos = loop.nanoTime();
        bePatient(filter);
        if (reads == null) {
            reads = FirstReads.of(channel, this);
            channel.pipeline().addLast(this);
            if (filters.timeoutNanos() > 0) {
                loop.timers().arm(deadline, filters.timeoutNanos());
            }
        }
    }

    @Override
    public int wanted() {
        return waiting == null ? 0 : Math.max(0, waiting.maxBytes() - held.readableBytes());
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ByteBuf bytes = (ByteBuf) message;
        if (over) {
            bytes.release();
            return;
        }
        hold(bytes);
        ListenerFilter filter = waiting;
        if (filter == null) {
            return;
        }
        try {
            Verdict verdict = filter.onBytes(held, traits);
            if (verdict != Verdict.WAIT) {
                go(verdict);
            } else if (wanted() == 0) {
                throw new IllegalStateException(filter + " waits and wants no more");
            } else {
                bePatient(filter);
            }
        } catch (RuntimeException fault) {
            fail(fault);
        }
    }

    /** The filter that was waited for has made up its mind. */
    private void go(Verdict verdict) {
        if (verdict == Verdict.CLOSE) {
            close();
        } else {
            nextFilter();
        }
    }

    private void bePatient(ListenerFilter filter) {
        long nanos = filter.patienceNanos();
        if (nanos > 0) {
            loop.timers().arm(patience, Math.max(1, waitingSinceNanos + nanos - loop.nanoTime()));
        }
    }

    private void hold(ByteBuf bytes) {
        if (held.isReadable()) {
            held.discardSomeReadBytes();
            held.writeBytes(bytes);
            bytes.release();
        } else {
            held.release();
            held = bytes;
        }
    }

    // ---- the end --------------------------------------------------------------------------------------------------

    private void handOn() {
        ByteBuf bytes = end();
        if (reads != null) {
            reads.done();
            channel.pipeline().remove(this);
        }
        next.inspected(channel, traits, loop, bytes);
    }

    /** A socket with bytes that nobody has read closes with a reset; so does one with bytes that only we have read. */
    private void close() {
        ByteBuf bytes = end();
        if (bytes.isReadable()) {
            channel.config().setOption(ChannelOption.SO_LINGER, 0);
        }
        bytes.release();
        channel.close();
        filters.log().inspected(traits, acceptedNanos, loop);
    }

    private ByteBuf end() {
        over = true;
        waiting = null;
        deadline.cancel();
        patience.cancel();
        filters.stats().active().add(loop.stats(), -1);
        ByteBuf bytes = held;
        held = Unpooled.EMPTY_BUFFER;
        return bytes;
    }

    private void fail(RuntimeException fault) {
        log.error("{}: exception in a listener filter of {}", loop, channel, fault);
        if (over) { // from those who serve it
            channel.close();
        } else {
            close();
        }
    }

    @Override
    public void ended() {
        if (!over) {
            filters.stats().remoteClose().inc(loop.stats());
            close();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (!over) {
            filters.stats().error().inc(loop.stats());
            close();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        ended();
    }

    private final class Deadline extends TimerWheel.Timer {
        @Override
        protected void expired() {
            filters.stats().timeout().inc(loop.stats());
            if (filters.continuesOnTimeout()) {
                handOn();
            } else {
                close();
            }
        }
    }

    /** Of the filter that waits. */
    private final class Patience extends TimerWheel.Timer {
        @Override
        protected void expired() {
            ListenerFilter filter = waiting;
            if (filter != null) {
                go(filter.onSilence(traits));
            }
        }
    }
}
