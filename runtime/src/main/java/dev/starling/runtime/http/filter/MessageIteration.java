package dev.starling.runtime.http.filter;

import dev.starling.runtime.http.filter.HttpFilter.Flow;
import dev.starling.runtime.message.Headers;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.CompositeByteBuf;
import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;

/**
 * One message on its way through the filters of an exchange: where it stands, what is held back there, and how it goes
 * on. The same for requests, from the first filter to the last, and for responses, from the last to the first.
 *
 * @param <H> the head
 */
public abstract class MessageIteration<H> {

    private static final int NOWHERE = -1;

    private final int count;
    private @Nullable H head;
    private boolean headEnds;
    private int headAt;
    private int stoppedAt = NOWHERE;
    private boolean stoppedAll;
    private @Nullable CompositeByteBuf held;
    private boolean heldEnd;
    private @Nullable Headers heldTrailers;

    protected MessageIteration(int count) {
        this.count = count;
    }

    protected abstract Flow headTo(int filter, H head, boolean endStream);

    protected abstract Flow dataTo(int filter, Chunk chunk, boolean endStream);

    protected abstract Flow trailersTo(int filter, Headers trailers);

    /** Past the last filter. */
    protected abstract void headOut(H head, boolean endStream);

    protected abstract void dataOut(ByteBuf bytes, boolean endStream);

    protected abstract void trailersOut(Headers trailers);

    /** More was buffered than the limit allows. */
    protected abstract void overflow();

    /** Bytes that filters may buffer. */
    protected abstract int bufferLimit();

    /** The exchange has ended or was answered otherwise: nothing goes on. */
    protected abstract boolean over();

    public final void onHead(H newHead, boolean endStream) {
        head = newHead;
        headEnds = endStream;
        head(0);
    }

    /** Takes ownership. */
    public final void onData(ByteBuf bytes, boolean endStream) {
        if (over()) {
            bytes.release();
        } else if (stoppedAt != NOWHERE && stoppedAll) {
            hold(bytes, endStream);
        } else {
            data(Math.max(0, stoppedAt), bytes, endStream);
        }
    }

    public final void onTrailers(Headers trailers) {
        if (over()) {
            return;
        }
        if (stoppedAt != NOWHERE && stoppedAll) {
            heldTrailers = trailers;
            heldEnd = true;
        } else {
            trailers(Math.max(0, stoppedAt), trailers);
        }
    }

    /** Whether a filter keeps the message from going on without wanting more of it. */
    public final boolean holdingBack() {
        return stoppedAt != NOWHERE && stoppedAll;
    }

    /** The filter that stopped the message lets it go on. */
    public final void resume() {
        if (stoppedAt == NOWHERE || over()) {
            return;
        }
        int from = stoppedAt;
        boolean all = stoppedAll;
        proceed(from, all ? from : from + 1);
    }

    /** Releases what is held. */
    public final void release() {
        if (held != null) {
            held.release();
            held = null;
        }
        heldTrailers = null;
    }

    private void head(int from) {
        H message = java.util.Objects.requireNonNull(head);
        for (int i = from; i < count; i++) {
            headAt = i + 1;
            Flow flow = headTo(i, message, headEnds);
            if (over()) {
                return;
            }
            if (flow != Flow.CONTINUE) {
                stop(i, flow == Flow.STOP_ALL);
                return;
            }
        }
        headAt = count + 1;
        headOut(message, headEnds);
    }

    private void stop(int filter, boolean all) {
        stoppedAt = filter;
        stoppedAll = all;
    }

    private void data(int from, ByteBuf bytes, boolean endStream) {
        Chunk chunk = new Chunk(bytes);
        for (int i = from; i < count; i++) {
            Flow flow = dataTo(i, chunk, endStream);
            if (over()) {
                chunk.bytes().release();
                return;
            }
            switch (flow) {
                case CONTINUE -> {
                    if (stoppedAt == i) {
                        hold(chunk.take(), endStream);
                        proceed(i, i + 1);
                        return;
                    }
                }
                case STOP -> {
                    chunk.bytes().release();
                    stop(i, false);
                    heldEnd |= endStream;
                    return;
                }
                case STOP_AND_BUFFER, STOP_ALL -> {
                    hold(chunk.take(), endStream);
                    stop(i, flow == Flow.STOP_ALL);
                    if (flow == Flow.STOP_AND_BUFFER && held != null && held.readableBytes() > bufferLimit()) {
                        overflow();
                    }
                    return;
                }
            }
        }
        dataOut(chunk.take(), endStream);
    }

    private void trailers(int from, Headers trailers) {
        for (int i = from; i < count; i++) {
            Flow flow = trailersTo(i, trailers);
            if (over()) {
                return;
            }
            if (flow != Flow.CONTINUE) {
                heldTrailers = trailers;
                heldEnd = true;
                stop(i, flow == Flow.STOP_ALL);
                return;
            }
            if (stoppedAt == i) {
                heldTrailers = trailers;
                heldEnd = true;
                proceed(i, i + 1);
                return;
            }
        }
        trailersOut(trailers);
    }

    /** Goes on after a stop: the head to the filters that have not seen it, then what was held. */
    private void proceed(int stopped, int dataFrom) {
        stoppedAt = NOWHERE;
        stoppedAll = false;
        if (headAt == stopped + 1) {
            head(stopped + 1);
        }
        if (over() || stoppedAt != NOWHERE && stoppedAll) {
            return;
        }
        int next = stoppedAt == NOWHERE ? dataFrom : Math.max(dataFrom, stoppedAt);
        CompositeByteBuf bytes = held;
        Headers trailers = heldTrailers;
        boolean end = heldEnd && trailers == null;
        held = null;
        heldTrailers = null;
        heldEnd = false;
        if (bytes != null || (end && !headEnds)) {
            data(next, bytes == null ? Unpooled.EMPTY_BUFFER : bytes, end);
        }
        if (trailers != null && !over()) {
            if (stoppedAt != NOWHERE && stoppedAll) {
                heldTrailers = trailers;
                heldEnd = true;
            } else {
                trailers(stoppedAt == NOWHERE ? dataFrom : Math.max(dataFrom, stoppedAt), trailers);
            }
        }
    }

    private void hold(ByteBuf bytes, boolean endStream) {
        heldEnd |= endStream;
        if (!bytes.isReadable()) {
            bytes.release();
            return;
        }
        if (held == null) {
            held = bytes.alloc().compositeBuffer(Integer.MAX_VALUE);
        }
        held.addComponent(true, bytes);
    }
}
