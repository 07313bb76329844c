package dev.starling.runtime.upstream;

import dev.starling.runtime.message.StreamEvent;
import dev.starling.runtime.message.StreamReset;
import dev.starling.runtime.message.UpstreamStream;
import org.jspecify.annotations.Nullable;

/** An attempt that waits for a stream. Owned by the attempt; known to at most one pool at a time. */
public abstract class StreamRequest implements UpstreamStream.Receiver {

    /** The pool in whose queue it stands, or null. */
    @Nullable
    HostPool queuedIn;

    /** Null before there is one, and as soon as it is lost or may be somebody else's. */
    protected @Nullable UpstreamStream stream;

    /** What the stream still says is nobody's concern. */
    protected boolean over;

    private boolean turnedAway;

    /** A stream is there; may be called before {@link HostPool#newStream} returns. */
    protected abstract void onStreamReady(UpstreamStream stream);

    /** No stream will come. */
    protected abstract void onStreamFailed(StreamReset reason, String transportDetail);

    /** The circuit breaker allows no more to wait, so no stream will come. */
    public final void turnAway() {
        turnedAway = true;
        onStreamFailed(StreamReset.OVERFLOW, "");
    }

    /** Whether it was not even let wait for its endpoint; then, in Envoy, there was none. */
    public final boolean turnedAway() {
        return turnedAway;
    }

    /** Gives back credit for what has been made use of. */
    public final void consumed(int bytes) {
        if (stream != null) {
            stream.consumed(bytes);
        }
    }

    /** Whether the event comes too late; what it holds has been released then. */
    protected final boolean late(StreamEvent event) {
        if (over && event instanceof StreamEvent.Data data) {
            data.bytes().release();
        }
        return over;
    }

    /** Gives up the stream, or waiting for one. */
    protected final void giveUp() {
        over = true;
        cancel();
        UpstreamStream open = stream;
        stream = null;
        if (open != null) {
            open.reset();
        }
    }

    /** The attempt is given up while it waits; does nothing if it does not wait. */
    public final void cancel() {
        if (queuedIn != null) {
            queuedIn.cancel(this);
        }
    }
}
