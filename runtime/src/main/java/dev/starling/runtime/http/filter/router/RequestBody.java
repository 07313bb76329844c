package dev.starling.runtime.http.filter.router;

import dev.starling.runtime.message.Headers;
import dev.starling.runtime.message.RequestHead;
import io.netty.buffer.ByteBuf;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * What has come of a request behind its head and has not gone to an upstream yet. What a tunnel is to carry stays here until
 * the upstream has opened it. Confined to the loop.
 */
final class RequestBody {

    private @Nullable ArrayDeque<ByteBuf> parts;
    private @Nullable Headers trailers;
    private boolean held;
    private boolean complete;
    private boolean sent;

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
        for (ByteBuf bytes = poll(); bytes != null; bytes = poll()) {
            bytes.release();
        }
    }
}
