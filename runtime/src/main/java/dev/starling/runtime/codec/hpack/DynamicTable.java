package dev.starling.runtime.codec.hpack;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The fields that were added on a connection, the newest first (RFC 7541 2.3.2). Bounded by its capacity in bytes. */
final class DynamicTable {

    /** A power of two fields, used as a ring. */
    private @Nullable HpackField[] ring = new HpackField[32];

    private int newest = -1;
    private int count;
    private int bytes;
    private int capacity;
    private int added;

    DynamicTable(int capacity) {
        this.capacity = capacity;
    }

    int count() {
        return count;
    }

    /** Fields that were ever added. */
    int added() {
        return added;
    }

    int capacity() {
        return capacity;
    }

    void capacity(int newCapacity) {
        capacity = newCapacity;
        evictTo(capacity);
    }

    /** @param age 0 for the newest */
    HpackField field(int age) {
        return Objects.requireNonNull(ring[newest - age & ring.length - 1]);
    }

    /** What a field does that is larger than the table (RFC 7541 4.4). */
    void empty() {
        evictTo(0);
    }

    /** Adds a field that is not larger than the table; the oldest make room. */
    void add(HpackField field) {
        evictTo(capacity - field.size());
        if (count == ring.length) {
            grow();
        }
        newest = newest + 1 & ring.length - 1;
        ring[newest] = field;
        bytes += field.size();
        count++;
        added++;
    }

    private void evictTo(int room) {
        while (count > 0 && bytes > room) {
            int oldest = newest - (count - 1) & ring.length - 1;
            bytes -= Objects.requireNonNull(ring[oldest]).size();
            ring[oldest] = null;
            count--;
        }
    }

    private void grow() {
        @Nullable HpackField[] larger = new HpackField[ring.length * 2];
        for (int age = 0; age < count; age++) {
            larger[count - 1 - age] = field(age);
        }
        newest = count - 1;
        ring = larger;
    }
}
