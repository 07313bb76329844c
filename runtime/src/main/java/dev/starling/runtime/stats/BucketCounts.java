package dev.starling.runtime.stats;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * The buckets of a histogram that one loop has met. A small open-addressed table whose entries hold the bucket's index
 * in the upper bits and its count in the lower, so that one write changes both and any thread may read while the loop
 * writes. Padded as {@link CellBlock} is.
 */
final class BucketCounts {

    private static final int COUNT_BITS = 52;
    private static final long COUNT_MASK = (1L << COUNT_BITS) - 1;
    private static final int FIRST_CAPACITY = 16;
    private static final int FRONT_PADDING = 6;
    private static final int BACK_PADDING = 7;

    private static final VarHandle ENTRY = MethodHandles.arrayElementVarHandle(long[].class);

    private final long[] entries;
    private final int mask;
    private int used;

    BucketCounts() {
        this(FIRST_CAPACITY);
    }

    private BucketCounts(int capacity) {
        entries = new long[FRONT_PADDING + capacity + BACK_PADDING];
        mask = capacity - 1;
    }

    /** Counts one value; false when the table must grow first. Only on the loop that owns it. */
    boolean increment(int bucket) {
        int slot = bucket & mask;
        while (true) {
            long entry = entries[FRONT_PADDING + slot];
            if (entry == 0) {
                if (used * 4 > mask * 3) {
                    return false;
                }
                used++;
                ENTRY.setOpaque(entries, FRONT_PADDING + slot, (long) bucket << COUNT_BITS | 1);
                return true;
            }
            if (entry >>> COUNT_BITS == bucket) {
                ENTRY.setOpaque(entries, FRONT_PADDING + slot, entry + 1);
                return true;
            }
            slot = (slot + 1) & mask;
        }
    }

    BucketCounts grown() {
        BucketCounts larger = new BucketCounts((mask + 1) * 2);
        for (long entry : entries) {
            if (entry != 0) {
                int slot = (int) (entry >>> COUNT_BITS) & larger.mask;
                while (larger.entries[FRONT_PADDING + slot] != 0) {
                    slot = (slot + 1) & larger.mask;
                }
                larger.entries[FRONT_PADDING + slot] = entry;
                larger.used++;
            }
        }
        return larger;
    }

    /** How many values there are. On any thread. */
    long total() {
        long total = 0;
        for (int at = FRONT_PADDING; at <= FRONT_PADDING + mask; at++) {
            total += (long) ENTRY.getOpaque(entries, at) & COUNT_MASK;
        }
        return total;
    }

    /** Adds what is counted so far to an array by bucket. On any thread. */
    void addTo(long[] countsByBucket) {
        for (int at = FRONT_PADDING; at <= FRONT_PADDING + mask; at++) {
            long entry = (long) ENTRY.getOpaque(entries, at);
            if (entry != 0) {
                countsByBucket[(int) (entry >>> COUNT_BITS)] += entry & COUNT_MASK;
            }
        }
    }
}
