package dev.starling.runtime.upstream;

import dev.starling.runtime.message.StreamReset;
import dev.starling.runtime.message.UpstreamStream;
import org.jspecify.annotations.Nullable;

/** An attempt that waits for a stream. Owned by the attempt; known to at most one pool at a time. */
public abstract class StreamRequest implements UpstreamStream.Receiver {

    /** The pool in whose queue it stands, or null. */
    @Nullable
    HostPool queuedIn;

    /** A stream is there; may be called before {@link HostPool#newStream} returns. */
    protected abstract void onStreamReady(UpstreamStream stream);

    /** No stream will come. */
    protected abstract void onStreamFailed(StreamReset reason, String transportDetail);

    /** The attempt is given up while it waits; does nothing if it does not wait. */
    public final void cancel() {
        if (queuedIn != null) {
            queuedIn.cancel(this);
        }
    }
}
