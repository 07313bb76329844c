package dev.starling.runtime.http.filter;

import dev.starling.runtime.message.Headers;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.CompositeByteBuf;
import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;

/**
 * What one filter holds back of a message: first what it has seen, which goes to the next filter, then what came while
 * it wanted nothing, which it has yet to see.
 */
final class HeldMessage {

    private @Nullable CompositeByteBuf bytes;
    private int seenBytes;
    private boolean seen;
    private boolean unseen;
    private boolean endsWithSeen;
    private boolean endsWithUnseen;
    private boolean all;
    private @Nullable Headers trailers;
    private boolean trailersSeen;

    /** The filter wants no more before it resumes. */
    void stopAll() {
        all = true;
    }

    boolean all() {
        return all;
    }

    /** Takes ownership. */
    void hold(ByteBuf more, boolean endStream, boolean seenByFilter) {
        int length = more.readableBytes();
        if (length == 0) {
            more.release();
        } else {
            if (bytes == null) {
                bytes = more.alloc().compositeBuffer(Integer.MAX_VALUE);
            }
            bytes.addComponent(true, more);
        }
        if (seenByFilter) {
            seenBytes += length;
            seen |= length > 0 || endStream;
            endsWithSeen |= endStream;
        } else {
            unseen = true;
            endsWithUnseen |= endStream;
        }
    }

    void hold(Headers last, boolean seenByFilter) {
        trailers = last;
        trailersSeen = seenByFilter;
    }

    int bytes() {
        return bytes == null ? 0 : bytes.readableBytes();
    }

    boolean hasSeenData() {
        return seen;
    }

    boolean endsWithSeen() {
        return endsWithSeen;
    }

    /** To be taken before {@link #takeRest}; ownership passes. */
    ByteBuf takeSeen() {
        if (!unseen) {
            return takeRest();
        }
        return bytes == null ? Unpooled.EMPTY_BUFFER : bytes.readRetainedSlice(seenBytes);
    }

    boolean hasUnseenData() {
        return unseen;
    }

    boolean endsWithUnseen() {
        return endsWithUnseen;
    }

    /** Ownership passes. */
    ByteBuf takeRest() {
        ByteBuf rest = bytes == null ? Unpooled.EMPTY_BUFFER : bytes;
        bytes = null;
        return rest;
    }

    @Nullable
    Headers trailers() {
        return trailers;
    }

    boolean trailersSeen() {
        return trailersSeen;
    }

    void release() {
        if (bytes != null) {
            bytes.release();
            bytes = null;
        }
    }
}
