package dev.starling.runtime.http.filter.router;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/** What has come of a request's body, for as long as it may have to be sent again, bounded. Confined to the loop. */
final class KeptBody {

    /** A part that is not larger is copied: what it stands in, all that was read with it, would be held for it. */
    private static final int COPIED_BYTES = 2048;

    private static final int GATHERED_BYTES = 8192;

    private final ArrayDeque<ByteBuf> parts = new ArrayDeque<>(4);

    /** The last of the parts while copies go into it; never grows, for others may be writing it to a socket. */
    private @Nullable ByteBuf gathering;

    private final long limit;
    private long bytes;

    /** Whether anything has come, be it nothing but the end. */
    private boolean begun;

    /** @param limit in bytes */
    KeptBody(long limit) {
        this.limit = limit;
    }

    /** Keeps it, unless it is too much: in memory that is shared with whoever sends it, if it is large. */
    void add(ByteBuf part) {
        begun = true;
        int length = part.readableBytes();
        bytes += length;
        if (length == 0 || bytes > limit) {
            return;
        }
        if (length > COPIED_BYTES) {
            gathering = null;
            parts.add(part.retainedDuplicate());
            return;
        }
        if (gathering == null || gathering.writableBytes() < length) {
            gathering = part.alloc().buffer(GATHERED_BYTES, GATHERED_BYTES);
            parts.add(gathering);
        }
        gathering.writeBytes(part, part.readerIndex(), length);
    }

    /** Whether more has come than may be kept, so that it is not all here. */
    boolean tooLarge() {
        return bytes > limit;
    }

    /** All of it; to be released by whoever asks. */
    ArrayDeque<ByteBuf> copy() {
        ArrayDeque<ByteBuf> copy = new ArrayDeque<>(parts.size() + 1);
        parts.forEach(part -> copy.add(part.retainedDuplicate()));
        if (copy.isEmpty() && begun) {
            copy.add(Unpooled.EMPTY_BUFFER);
        }
        return copy;
    }

    void release() {
        gathering = null;
        parts.forEach(ByteBuf::release);
        parts.clear();
    }
}
