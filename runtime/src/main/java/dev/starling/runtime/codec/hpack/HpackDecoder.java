package dev.starling.runtime.codec.hpack;

import java.util.Arrays;

/**
 * Decodes the header blocks of one direction of a connection, one after the other (RFC 7541 3, 6). Confined to the loop.
 */
public final class HpackDecoder {

    private int maxTableBytes;
    private boolean mustResize;
    private final DynamicTable table;

    private byte[] block = new byte[0];
    private int at;
    private int end;

    /**
     * @param tableBytes of the other side's table at first
     * @param maxTableBytes what it may enlarge it to
     */
    public HpackDecoder(int tableBytes, int maxTableBytes) {
        this.maxTableBytes = maxTableBytes;
        this.table = new DynamicTable(tableBytes);
    }

    /** From now on the other side's table is no larger: if it was, the next block has to say so first (RFC 9113 4.3.1). */
    public void limitTable(int bytes) {
        maxTableBytes = bytes;
        mustResize = table.capacity() > bytes;
    }

    /** Decodes a whole block. */
    public void decode(byte[] bytes, int from, int to, HeaderBlock into) throws HpackException {
        block = bytes;
        at = from;
        end = to;
        into.clear();
        boolean mayResize = true;
        while (at < end) {
            int first = block[at];
            if ((first & 0xe0) == 0x20) {
                if (!mayResize) {
                    throw new HpackException("table size update behind a field");
                }
                resize(integer(5));
                continue;
            }
            if (mustResize) {
                throw new HpackException("table not made smaller");
            }
            mayResize = false;
            if (first < 0) {
                indexed(integer(7), into);
            } else if ((first & 0x40) != 0) {
                literal(integer(6), true, into);
            } else {
                literal(integer(4), false, into);
            }
        }
        block = new byte[0];
    }

    private void resize(int size) throws HpackException {
        if (size > maxTableBytes) {
            throw new HpackException("table larger than our settings allow");
        }
        table.capacity(size);
        mustResize = false;
    }

    private void indexed(int index, HeaderBlock into) throws HpackException {
        HpackField field = field(index);
        if (into.refused()) {
            return; // a block of references costs no copies once it is known to be too large
        }
        int length = field.bytes().length;
        System.arraycopy(field.bytes(), 0, into.room(length), into.used(), length);
        into.add(field.nameHash(), field.nameLength(), length - field.nameLength());
    }

    private void literal(int nameIndex, boolean indexing, HeaderBlock into) throws HpackException {
        int start = into.used();
        int hash;
        int nameLength;
        if (nameIndex > 0) {
            HpackField named = field(nameIndex);
            hash = named.nameHash();
            nameLength = named.nameLength();
            System.arraycopy(named.bytes(), 0, into.room(nameLength), start, nameLength);
        } else {
            nameLength = string(into, start) - start;
            hash = hash(into.bytes(), start, nameLength);
        }
        int length = string(into, start + nameLength) - start;
        if (indexing) {
            if (HpackField.size(length) <= table.capacity()) {
                table.add(new HpackField(Arrays.copyOfRange(into.bytes(), start, start + length), nameLength, hash));
            } else {
                table.empty();
            }
        }
        into.add(hash, nameLength, length - nameLength);
    }

    private HpackField field(int index) throws HpackException {
        if (index == 0 || index > StaticTable.size() + table.count()) {
            throw new HpackException("no field " + index);
        }
        return index <= StaticTable.size() ? StaticTable.field(index) : table.field(index - StaticTable.size() - 1);
    }

    /** Reads a string to the position in the block's bytes and returns the position after it. */
    private int string(HeaderBlock into, int position) throws HpackException {
        if (at == end) {
            throw cut();
        }
        boolean huffman = block[at] < 0;
        int length = integer(7);
        if (length > end - at) {
            throw cut();
        }
        int from = at;
        at += length;
        if (huffman) {
            byte[] target = into.room(position - into.used() + Huffman.decodedBound(length));
            return Huffman.decode(block, from, at, target, position);
        }
        System.arraycopy(block, from, into.room(position - into.used() + length), position, length);
        return position + length;
    }

    /** RFC 7541 5.1: what does not fit the prefix follows in groups of seven bits. */
    private int integer(int prefixBits) throws HpackException {
        int mask = (1 << prefixBits) - 1;
        int value = block[at++] & mask;
        if (value < mask) {
            return value;
        }
        for (int shift = 0; shift <= 21; shift += 7) {
            if (at == end) {
                throw cut();
            }
            int group = block[at++];
            value += (group & 0x7f) << shift;
            if (group >= 0) {
                return value;
            }
        }
        throw new HpackException("integer too large");
    }

    private static int hash(byte[] bytes, int start, int length) {
        int hash = 0;
        for (int i = start; i < start + length; i++) {
            hash = hash * 31 + bytes[i];
        }
        return hash;
    }

    private static HpackException cut() {
        return new HpackException("block cut off");
    }
}
