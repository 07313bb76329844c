package dev.starling.runtime.http.filter.router;

import dev.starling.runtime.message.Headers;
import dev.starling.runtime.message.RequestHead;
import io.netty.buffer.ByteBuf;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * What has come of a request behind its head and has not gone to an upstream yet, and, as long as it may have to go to another,
 * what has. What a tunnel is to carry stays here until the upstream has opened it. Confined to the loop.
 */
final class RequestBody {

    private @Nullable ArrayDeque<ByteBuf> parts;

    /** Null if nothing is sent a second time. */
    private @Nullable KeptBody kept;

    private @Nullable Headers trailers;
    private boolean held;
    private boolean complete;
    private boolean sent;

    /** Some of it has gone to an attempt. */
    private boolean moved;

    /** Of this request; what it asks for must be granted first if it is a tunnel. */
    void begin(RequestHead head, boolean endStream) {
        held = head.asksForTunnel();
        complete = endStream;
    }

    /** The upstream has opened the tunnel. */
    void letGo() {
        held = false;
    }

    boolean held() {
        return held;
    }

    /** Takes ownership. */
    void add(ByteBuf bytes, boolean endStream) {
        if (kept != null) {
            kept.add(bytes);
        }
        if (parts == null) {
            parts = new ArrayDeque<>(4);
        }
        parts.add(bytes);
        complete |= endStream;
    }

    void end(Headers last) {
        trailers = last;
        complete = true;
    }

    // ---- for another attempt --------------------------------------------------------------------------------------

    /** From now on everything is kept, unless it is more than so many bytes. Before anything was sent. */
    void keep(long limit) {
        if (complete && parts == null) {
            return;
        }
        KeptBody keeping = new KeptBody(limit);
        if (parts != null) {
            parts.forEach(keeping::add);
        }
        kept = keeping;
    }

    /** Whether more has come than may be kept. */
    boolean tooLarge() {
        return kept != null && kept.tooLarge();
    }

    /** Nothing is sent a second time. */
    void forget() {
        if (kept != null) {
            kept.release();
            kept = null;
        }
    }

    /** Whether the next attempt can get all of it. */
    boolean canStartAgain() {
        return kept != null || !moved;
    }

    /** The next attempt gets all of it again. */
    void startAgain() {
        sent = false;
        moved = false;
        if (kept != null) {
            releaseParts();
            parts = kept.copy();
        }
    }

    // ---- to the upstream ------------------------------------------------------------------------------------------

    /** The head goes to an upstream; whether it is all there is. */
    boolean startsWithAll() {
        sent = complete && trailers == null && (parts == null || parts.isEmpty());
        return sent;
    }

    /** Moves what there is to the attempt; whether with this all of it is sent. */
    boolean sendTo(Attempt attempt) {
        if (sent || held) {
            return false;
        }
        ByteBuf bytes = poll();
        while (bytes != null) {
            ByteBuf next = poll();
            boolean last = next == null && complete && trailers == null;
            moved = true;
            attempt.writeData(bytes, last);
            sent |= last;
            bytes = next;
        }
        if (!sent && trailers != null) {
            sent = true;
            attempt.writeTrailers(trailers);
        }
        return sent;
    }

    private @Nullable ByteBuf poll() {
        return parts == null ? null : parts.poll();
    }

    void release() {
        releaseParts();
        forget();
    }

    private void releaseParts() {
        for (ByteBuf bytes = poll(); bytes != null; bytes = poll()) {
            bytes.release();
        }
    }
}
