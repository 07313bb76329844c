package dev.starling.runtime.codec.hpack;

import java.nio.charset.StandardCharsets;

/** A field of a table: its name, and its value behind it. Nobody changes the bytes. */
@SuppressWarnings("ArrayRecordComponent") // they are copied from, and never compared as a record
record HpackField(byte[] bytes, int nameLength, int nameHash) {

    /** What a field counts beside its bytes (RFC 7541 4.1). */
    private static final int OVERHEAD = 32;

    static HpackField of(String name, String value) {
        return new HpackField((name + value).getBytes(StandardCharsets.ISO_8859_1), name.length(), name.hashCode());
    }

    /** What it takes of a table's size. */
    int size() {
        return size(bytes.length);
    }

    static int size(int bytes) {
        return bytes + OVERHEAD;
    }
}
