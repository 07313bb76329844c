package dev.starling.runtime.http.filter;

import dev.starling.runtime.http.filter.HttpFilter.Flow;
import dev.starling.runtime.message.Headers;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One message on its way through the filters of an exchange: where it stands, what is held back there, and how it goes
 * on. The same for requests, from the first filter to the last, and for responses, from the last to the first. Every
 * part passes every filter in order, so several filters may stop the message at once, each with its own share of it.
 *
 * @param <H> the head
 */
public abstract class MessageIteration<H> {

    private final int count;
    private @Nullable H head;
    private boolean headEnds;
    /** How many filters have seen the head. */
    private int headAt;
    /** What each filter holds back; none as long as no filter has ever stopped the message. */
    private @Nullable HeldMessage @Nullable [] held;

    private int stoppedAll;

    /** The filter that is being shown the head. */
    private int shown = -1;

    /** What it puts behind a head that had nothing behind it. */
    private @Nullable ByteBuf behindHead;

    private @Nullable Headers trailersBehindHead;

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
        } else {
            data(0, bytes, endStream);
        }
    }

    public final void onTrailers(Headers trailers) {
        if (!over()) {
            trailers(0, trailers);
        }
    }

    /** Data that a filter puts before the trailers it is being shown. Takes ownership. */
    public final void add(int filter, ByteBuf bytes) {
        if (over()) {
            bytes.release();
            return;
        }
        HeldMessage stopped = heldBy(filter);
        if (stopped == null) {
            data(filter + 1, bytes, false);
            return;
        }
        stopped.hold(bytes, false, true);
        if (stopped.bytes() > bufferLimit()) {
            overflow();
        }
    }

    /** What a filter puts in place of the end that it is being shown. Takes ownership. */
    public final void end(int filter, ByteBuf bytes, Headers trailers) {
        if (shown == filter && !over()) {
            behindHead = bytes;
            trailersBehindHead = trailers;
            headEnds = false;
            return;
        }
        add(filter, bytes);
        if (!over() && heldBy(filter) != null) {
            proceed(filter);
        }
        if (!over()) {
            trailers(filter + 1, trailers);
        }
    }

    /** Whether a filter keeps the message from going on without wanting more of it. */
    public final boolean holdingBack() {
        return stoppedAll > 0;
    }

    /** A filter that stopped the message lets it go on. */
    public final void resume(int filter) {
        if (!over() && heldBy(filter) != null) {
            proceed(filter);
        }
    }

    /** Releases what is held. */
    public final void release() {
        if (behindHead != null) {
            behindHead.release();
            behindHead = null;
        }
        if (held != null) {
            for (HeldMessage part : held) {
                if (part != null) {
                    part.release();
                }
            }
            held = null;
        }
    }

    private void head(int from) {
        H message = Objects.requireNonNull(head);
        for (int i = from; i < count; i++) {
            headAt = i + 1;
            shown = i;
            Flow flow = headTo(i, message, headEnds);
            shown = -1;
            if (over()) {
                return;
            }
            if (flow != Flow.CONTINUE) {
                stop(i, flow);
                return;
            }
            if (behindHead != null) {
                headAndMore(i + 1, behindHead, Objects.requireNonNull(trailersBehindHead));
                return;
            }
        }
        headAt = count + 1;
        headOut(message, headEnds);
    }

    private void headAndMore(int from, ByteBuf bytes, Headers trailers) {
        behindHead = null;
        try {
            head(from);
        } catch (RuntimeException failure) {
            bytes.release();
            throw failure;
        }
        if (over()) {
            bytes.release();
            return;
        }
        data(from, bytes, false);
        if (!over()) {
            trailers(from, trailers);
        }
    }

    private void data(int from, ByteBuf bytes, boolean endStream) {
        Chunk chunk = new Chunk(bytes);
        try {
            for (int i = from; i < count; i++) {
                if (!dataThrough(i, chunk, endStream)) {
                    return;
                }
            }
            dataOut(chunk.take(), endStream);
        } finally {
            chunk.take().release(); // whatever nobody has taken, be it for an exception
        }
    }

    /** Whether the chunk goes on to the next filter. */
    private boolean dataThrough(int filter, Chunk chunk, boolean endStream) {
        HeldMessage stopped = heldBy(filter);
        if (stopped != null && stopped.all()) {
            stopped.hold(chunk.take(), endStream, false);
            return false;
        }
        Flow flow = dataTo(filter, chunk, endStream);
        if (over()) {
            return false;
        }
        switch (flow) {
            case CONTINUE -> {
                if (stopped == null) {
                    return true;
                }
                stopped.hold(chunk.take(), endStream, true);
                proceed(filter);
            }
            case STOP -> stop(filter, flow).hold(Unpooled.EMPTY_BUFFER, endStream, true);
            case STOP_ALL -> stop(filter, flow).hold(chunk.take(), endStream, true);
            case STOP_AND_BUFFER -> {
                HeldMessage buffer = stop(filter, flow);
                buffer.hold(chunk.take(), endStream, true);
                if (buffer.bytes() > bufferLimit()) {
                    overflow();
                }
            }
        }
        return false;
    }

    private void trailers(int from, Headers trailers) {
        for (int i = from; i < count; i++) {
            HeldMessage stopped = heldBy(i);
            if (stopped != null && stopped.all()) {
                stopped.hold(trailers, false);
                return;
            }
            Flow flow = trailersTo(i, trailers);
            if (over()) {
                return;
            }
            if (flow != Flow.CONTINUE) {
                stop(i, flow).hold(trailers, true);
                return;
            }
            if (stopped != null) {
                stopped.hold(trailers, true);
                proceed(i);
                return;
            }
        }
        trailersOut(trailers);
    }

    private @Nullable HeldMessage heldBy(int filter) {
        return held == null ? null : held[filter];
    }

    private HeldMessage stop(int filter, Flow flow) {
        if (held == null) {
            held = new HeldMessage[count];
        }
        HeldMessage part = held[filter];
        if (part == null) {
            part = new HeldMessage();
            held[filter] = part;
        }
        if (flow == Flow.STOP_ALL && !part.all()) {
            part.stopAll();
            stoppedAll++;
        }
        return part;
    }

    /** Goes on after a stop: the head to the filters that have not seen it, then what the filter held. */
    private void proceed(int filter) {
        @Nullable HeldMessage[] all = Objects.requireNonNull(held);
        HeldMessage part = Objects.requireNonNull(all[filter]);
        all[filter] = null;
        if (part.all()) {
            stoppedAll--;
        }
        try {
            if (headAt == filter + 1) {
                head(filter + 1);
            }
            if (!over() && part.hasSeenData()) {
                data(filter + 1, part.takeSeen(), part.endsWithSeen());
            }
            if (!over() && part.hasUnseenData()) {
                data(filter, part.takeRest(), part.endsWithUnseen());
            }
            Headers trailers = part.trailers();
            if (!over() && trailers != null) {
                trailers(part.trailersSeen() ? filter + 1 : filter, trailers);
            }
        } finally {
            part.release();
        }
    }
}
