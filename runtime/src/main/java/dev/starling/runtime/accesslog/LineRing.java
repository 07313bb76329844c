package dev.starling.runtime.accesslog;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * A bounded queue of lines from many threads to one, without a lock and without an object per line. Lines lie one after
 * the other in a ring of bytes, each from a 64-byte boundary on, so that two writers share no cache line. A writer
 * claims room by moving the tail, copies, and then commits by writing length and file into the word of its first
 * boundary; the reader clears that word when it has read the line. (After Thompson's many-to-one ring buffer in Agrona)
 */
final class LineRing {

    /** Sees one line; in two pieces if it lay across the end of the ring. */
    @FunctionalInterface
    interface Reader {
        void bytes(int file, byte[] bytes, int offset, int length);
    }

    private static final int GRANULE_BITS = 6;
    private static final int GRANULE_MASK = (1 << GRANULE_BITS) - 1;
    private static final VarHandle LONG = MethodHandles.arrayElementVarHandle(long[].class);

    /** Far enough apart that tail and head share no cache line, with each other or a neighbour. */
    private static final int TAIL = 16;

    private static final int HEAD = 32;

    private final byte[] bytes;
    private final long[] commits;
    private final long[] cursors = new long[48];
    private final int maxLength;

    /** @param capacity bytes, a power of two */
    LineRing(int capacity) {
        bytes = new byte[capacity];
        commits = new long[capacity >> GRANULE_BITS];
        maxLength = capacity / 4;
    }

    /**
     * From any thread: copies the line, whose characters are bytes. False if there is no room, and nothing was done.
     */
    boolean offer(int file, StringBuilder line) {
        int length = line.length();
        if (length > maxLength) {
            return false;
        }
        long tail;
        long next;
        do {
            tail = (long) LONG.getVolatile(cursors, TAIL);
            next = tail + granules(length);
            if (next - (long) LONG.getAcquire(cursors, HEAD) > commits.length) {
                return false;
            }
        } while (!LONG.compareAndSet(cursors, TAIL, tail, next));
        copy(line, slot(tail) << GRANULE_BITS, length);
        LONG.setRelease(commits, slot(tail), (long) file << Integer.SIZE | length + 1);
        return true;
    }

    private void copy(StringBuilder line, int start, int length) {
        int mask = bytes.length - 1;
        for (int i = 0; i < length; i++) {
            bytes[(start + i) & mask] = (byte) line.charAt(i);
        }
    }

    /** By the one reader: hands over at most so many lines, and says how many there were. */
    int drain(Reader reader, int maxLines) {
        long head = cursors[HEAD];
        int lines = 0;
        while (lines < maxLines) {
            long commit = (long) LONG.getAcquire(commits, slot(head));
            if (commit == 0) {
                break;
            }
            int length = (int) commit - 1;
            int start = slot(head) << GRANULE_BITS;
            int unbroken = Math.min(length, bytes.length - start);
            int file = (int) (commit >>> Integer.SIZE);
            reader.bytes(file, bytes, start, unbroken);
            if (unbroken < length) {
                reader.bytes(file, bytes, 0, length - unbroken);
            }
            commits[slot(head)] = 0;
            head += granules(length);
            lines++;
        }
        if (lines > 0) {
            LONG.setRelease(cursors, HEAD, head);
        }
        return lines;
    }

    /** The share of the ring that is claimed, from 0 to 1. */
    float filled() {
        long claimed = (long) LONG.getVolatile(cursors, TAIL) - (long) LONG.getAcquire(cursors, HEAD);
        return (float) claimed / commits.length;
    }

    private int slot(long cursor) {
        return (int) cursor & (commits.length - 1);
    }

    private static int granules(int length) {
        return Math.max(1, (length + GRANULE_MASK) >>> GRANULE_BITS);
    }
}
