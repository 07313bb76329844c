package dev.starling.runtime.codec.http2;

import dev.starling.config.http.Http2FloodLimits;
import dev.starling.runtime.stats.StatsStripe;

/**
 * Counts what a peer makes us do for nothing, and ends its connection past Envoy's limits: frames without content, priority
 * and window frames beyond use, answers that it does not read, streams that come to nothing.
 */
final class FloodGuard {

    /** Of so many streams, and of more, less than half may be reset soon ({@code overload.premature_reset_total_stream_count}). */
    private static final int STREAMS_WITH_RESETS = 500;

    private final Http2FloodLimits limits;
    private final boolean server;
    private final Http2Stats stats;
    private final StatsStripe stripe;
    private final UnsentFrames unsent = new UnsentFrames();
    private final UnsentFrames unsentControl = new UnsentFrames();
    private int emptyInRow;
    private long priorities;
    private long windowUpdates;
    private long dataSent;
    private long streams;
    private long closed;
    private long premature;

    /** @param server whether the peer is who opens streams */
    FloodGuard(Http2FloodLimits limits, boolean server, Http2Stats stats, StatsStripe stripe) {
        this.limits = limits;
        this.server = server;
        this.stats = stats;
        this.stripe = stripe;
    }

    /** A stream was opened. */
    void streamOpened() {
        streams++;
    }

    /**
     * A stream is over.
     *
     * @param soon whether it was reset before it was answered, and before it was old
     */
    void streamClosed(boolean soon) {
        closed++;
        premature += soon ? 1 : 0;
    }

    /** Ends what makes us begin much and comes to nothing (Envoy: {@code ConnectionManagerImpl::maybeDrainDueToPrematureResets}). */
    void checkResets() throws Http2Exception {
        if (server && premature * 2 >= Math.max(closed, STREAMS_WITH_RESETS)) {
            throw calm(Http2Exception.TOO_MANY_PREMATURE_RESETS);
        }
    }

    void dataSent() {
        dataSent++;
    }

    void data(int bytes, boolean end) throws Http2Exception {
        empty(bytes == 0 && !end);
    }

    void headers(int bytes, boolean ends) throws Http2Exception {
        empty(bytes == 0 && !ends);
    }

    private void empty(boolean nothing) throws Http2Exception {
        emptyInRow = nothing ? emptyInRow + 1 : 0;
        if (emptyInRow > limits.emptyFramesInRow()) {
            stats.inboundEmptyFramesFlood.inc(stripe);
            throw calm("http2.inbound_empty_frames_flood");
        }
    }

    void priority(int open) throws Http2Exception {
        if (++priorities > (long) limits.prioritiesPerStream() * (1 + streams + open)) {
            stats.inboundPriorityFramesFlood.inc(stripe);
            throw calm("http2.inbound_priority_frames_flood");
        }
    }

    void windowUpdate() throws Http2Exception {
        long allowed = 5 + 2 * (streams + (long) limits.windowUpdatesPerDataFrame() * dataSent);
        if (++windowUpdates > allowed) {
            stats.inboundWindowUpdateFramesFlood.inc(stripe);
            throw calm("http2.inbound_window_update_frames_flood");
        }
    }

    /** A frame was written that ends with the connection's {@code written}th byte. */
    void written(boolean control, long written) {
        unsent.add(written);
        if (control) {
            unsentControl.add(written);
        }
    }

    /** How much has left after what was read last. */
    void sent(long sent) throws Http2Exception {
        if (unsentControl.count(sent) > limits.outboundControlFrames()) {
            stats.outboundControlFlood.inc(stripe);
            throw calm("http2.outbound_control_flood");
        }
        if (unsent.count(sent) > limits.outboundFrames()) {
            stats.outboundFlood.inc(stripe);
            throw calm("http2.outbound_frames_flood");
        }
    }

    private static Http2Exception calm(String detail) {
        return new Http2Exception(Http2Error.ENHANCE_YOUR_CALM, detail);
    }
}
