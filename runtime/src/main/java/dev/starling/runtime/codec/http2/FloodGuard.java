package dev.starling.runtime.codec.http2;

/**
 * Counts what a peer makes us do for nothing, and ends its connection past Envoy's limits: frames without content, priority
 * and window frames beyond use, answers that it does not read, streams that come to nothing.
 */
public final class FloodGuard {

    private final Limits limits;
    private int emptyInRow;
    private long priorities;
    private long windowUpdates;
    private long dataSent;
    private long streams;
    private long lost;
    private int controlUnsent;

    /**
     * Bounds, with Envoy's names and defaults.
     *
     * @param emptyFramesInRow {@code max_consecutive_inbound_frames_with_empty_payload}
     * @param prioritiesPerStream {@code max_inbound_priority_frames_per_stream}
     * @param windowUpdatesPerDataFrame {@code max_inbound_window_update_frames_per_data_frame_sent}
     * @param controlFrames {@code max_outbound_control_frames}: answers that wait to be sent
     * @param lostStreams {@code overload.premature_reset_total_stream_count}: so many streams may end early before half of
     *     all may not
     */
    public record Limits(
            int emptyFramesInRow,
            int prioritiesPerStream,
            int windowUpdatesPerDataFrame,
            int controlFrames,
            int lostStreams) {

        public static final Limits DEFAULT = new Limits(1, 100, 10, 1000, 500);
    }

    FloodGuard(Limits limits) {
        this.limits = limits;
    }

    /** A stream was opened. */
    public void streamOpened() {
        streams++;
    }

    /** A stream ended before it was complete, by the peer's reset or for its fault. */
    public void streamLost() throws Http2Exception {
        lost++;
        if (lost > limits.lostStreams() && lost * 2 > streams) {
            throw calm("http2.premature_resets");
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
            throw calm("http2.inbound_empty_frames_flood");
        }
    }

    void priority(int open) throws Http2Exception {
        if (++priorities > (long) limits.prioritiesPerStream() * (1 + streams + open)) {
            throw calm("http2.inbound_priority_frames_flood");
        }
    }

    void windowUpdate() throws Http2Exception {
        long allowed = 5 + 2 * (streams + (long) limits.windowUpdatesPerDataFrame() * dataSent);
        if (++windowUpdates > allowed) {
            throw calm("http2.inbound_window_update_frames_flood");
        }
    }

    /** An answer was written that the peer asked for. */
    void controlSent() throws Http2Exception {
        if (++controlUnsent > limits.controlFrames()) {
            throw calm("http2.outbound_control_flood");
        }
    }

    void resetSent() throws Http2Exception {
        controlSent();
    }

    /** A turn of reading is over; {@code sent} if everything written before has left. */
    void turn(boolean sent) {
        if (sent) {
            controlUnsent = 0;
        }
    }

    private static Http2Exception calm(String detail) {
        return new Http2Exception(Http2Error.ENHANCE_YOUR_CALM, detail);
    }
}
