package dev.starling.runtime.codec.hpack;

import dev.starling.runtime.message.Ascii;
import dev.starling.runtime.message.Headers;
import java.util.Arrays;

/**
 * Encodes the header blocks of one direction of a connection, one after the other. A field enters the table when it comes
 * for the second time, so that what differs from message to message displaces nothing; what authenticates never does
 * (RFC 7541 7.1). Strings are not Huffman coded: what repeats is one byte, and the rest is mostly random. Confined to the
 * loop.
 */
public final class HpackEncoder implements Headers.FieldEncoder {

    /** What a field's representation takes beside its bytes at most. */
    public static final int FIELD_OVERHEAD = 16;

    /** The most that the other side is asked to keep for us. */
    private static final int MAX_TABLE_BYTES = 4096;

    private static final int SLOTS = 256;

    private static final int AUTHORIZATION = "authorization".hashCode();
    private static final int PROXY_AUTHORIZATION = "proxy-authorization".hashCode();

    private final int maxTableBytes;
    private final DynamicTable table;
    /** By the hash of name and value: the number of the field in the order of adding, from 1; may be overwritten. */
    private final int[] known = new int[SLOTS];
    /** By the same: the hash of a field that came once. */
    private final int[] seen = new int[SLOTS];

    /** The smallest capacity since the last block, or -1 if it has not changed. */
    private int smallest = -1;

    /** @param mostTableBytes to be used of what the other side allows, and never more than 4,096 */
    public HpackEncoder(long mostTableBytes) {
        maxTableBytes = (int) Math.min(mostTableBytes, MAX_TABLE_BYTES);
        table = new DynamicTable(MAX_TABLE_BYTES);
        tableBytes(MAX_TABLE_BYTES);
    }

    /** What the other side's settings allow. */
    public void tableBytes(long allowed) {
        int capacity = (int) Math.min(allowed, maxTableBytes);
        if (capacity != table.capacity()) {
            smallest = smallest < 0 ? capacity : Math.min(smallest, capacity);
            table.capacity(capacity);
        }
    }

    /** Begins a block; returns the position after what has to be said of the table. */
    public int begin(byte[] out, int position) {
        int at = position;
        if (smallest >= 0) {
            if (smallest < table.capacity()) {
                at = integer(out, at, 0x20, 5, smallest);
            }
            at = integer(out, at, 0x20, 5, table.capacity());
            smallest = -1;
        }
        return at;
    }

    /** The status of a response. */
    public int status(byte[] out, int at, int status) {
        int index = switch (status) {
            case 200 -> 8;
            case 204 -> 9;
            case 206 -> 10;
            case 304 -> 11;
            case 400 -> 12;
            case 404 -> 13;
            case 500 -> 14;
            default -> 0;
        };
        if (index > 0) {
            return integer(out, at, 0x80, 7, index);
        }
        out[at++] = 8; // the name of field 8, not indexed
        out[at++] = 3;
        return Ascii.appendDecimal(out, at, status);
    }

    /** A field whose name and value lie in an array; returns the position after it. */
    @Override
    public int field(
            byte[] out,
            int at,
            byte[] from,
            int nameHash,
            int nameStart,
            int nameLength,
            int valueStart,
            int valueLength) {
        if (nameHash == AUTHORIZATION || nameHash == PROXY_AUTHORIZATION) {
            return literal(out, at, 0x10, 4, from, nameHash, nameStart, nameLength, valueStart, valueLength);
        }
        int hash = nameHash * 31 + hash(from, valueStart, valueLength);
        int slot = (hash ^ hash >>> 16) & SLOTS - 1;
        int age = table.added() - known[slot];
        if (known[slot] > 0
                && age < table.count()
                && equal(table.field(age), from, nameStart, nameLength, valueStart, valueLength)) {
            return integer(out, at, 0x80, 7, StaticTable.size() + 1 + age);
        }
        int size = HpackField.size(nameLength + valueLength);
        if (seen[slot] != hash || size > table.capacity() / 4) {
            seen[slot] = hash;
            return literal(out, at, 0, 4, from, nameHash, nameStart, nameLength, valueStart, valueLength);
        }
        int end = literal(out, at, 0x40, 6, from, nameHash, nameStart, nameLength, valueStart, valueLength);
        byte[] bytes = new byte[nameLength + valueLength];
        System.arraycopy(from, nameStart, bytes, 0, nameLength);
        System.arraycopy(from, valueStart, bytes, nameLength, valueLength);
        table.add(new HpackField(bytes, nameLength, nameHash));
        known[slot] = table.added();
        return end;
    }

    private int literal(
            byte[] out,
            int at,
            int pattern,
            int prefixBits,
            byte[] from,
            int nameHash,
            int nameStart,
            int nameLength,
            int valueStart,
            int valueLength) {
        int named = StaticTable.named(from, nameHash, nameStart, nameLength);
        at = integer(out, at, pattern, prefixBits, named);
        if (named == 0) {
            at = string(out, at, from, nameStart, nameLength);
        }
        return string(out, at, from, valueStart, valueLength);
    }

    private static int string(byte[] out, int at, byte[] from, int start, int length) {
        at = integer(out, at, 0, 7, length);
        System.arraycopy(from, start, out, at, length);
        return at + length;
    }

    private static int integer(byte[] out, int at, int pattern, int prefixBits, int value) {
        int mask = (1 << prefixBits) - 1;
        if (value < mask) {
            out[at++] = (byte) (pattern | value);
            return at;
        }
        out[at++] = (byte) (pattern | mask);
        int rest = value - mask;
        while (rest >= 0x80) {
            out[at++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        out[at++] = (byte) rest;
        return at;
    }

    private static boolean equal(
            HpackField field, byte[] from, int nameStart, int nameLength, int valueStart, int valueLength) {
        byte[] bytes = field.bytes();
        return field.nameLength() == nameLength
                && bytes.length == nameLength + valueLength
                && Arrays.equals(bytes, 0, nameLength, from, nameStart, nameStart + nameLength)
                && Arrays.equals(bytes, nameLength, bytes.length, from, valueStart, valueStart + valueLength);
    }

    private static int hash(byte[] bytes, int start, int length) {
        int hash = 0;
        for (int i = start; i < start + length; i++) {
            hash = hash * 31 + bytes[i];
        }
        return hash;
    }
}
