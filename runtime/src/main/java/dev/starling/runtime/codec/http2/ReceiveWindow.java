package dev.starling.runtime.codec.http2;

/**
 * What the peer may send on all streams together. It opens as bytes come, whether or not they have been passed on, so that
 * a stalled stream holds up no other; but not while more than a limit is held.
 */
final class ReceiveWindow {

    private final int size;
    private final int heldLimit;
    private int room = Frames.DEFAULT_WINDOW_BYTES;
    private long held;

    /**
     * @param size bytes, at least the protocol's default
     * @param heldLimit bytes of all streams that may wait for their readers before the window stays closed
     */
    ReceiveWindow(int size, int heldLimit) {
        this.size = size;
        this.heldLimit = heldLimit;
    }

    /** What makes the window as large as it is to be from the start. */
    int opening() {
        int more = size - room;
        room = size;
        return more;
    }

    void receive(int bytes) throws Http2Exception {
        room -= bytes;
        if (room < 0) {
            throw new Http2Exception(Http2Error.FLOW_CONTROL_ERROR, "http2.connection_window_exceeded");
        }
    }

    void hold(int bytes) {
        held += bytes;
    }

    void release(int bytes) {
        held -= bytes;
    }

    /** What the peer is to be allowed now; 0 for nothing yet. */
    int refill() {
        int spent = size - room;
        if (spent < size / 2 || held > heldLimit) {
            return 0;
        }
        room = size;
        return spent;
    }
}
