package dev.starling.runtime.message;

import dev.starling.runtime.accesslog.HeaderView;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The headers or trailers of one message. Names are lower case; order and repetitions are kept.
 *
 * <p>All names and values lie in one byte array, often the very bytes that were read, and five integers a header say
 * where: a message costs two arrays, not three objects a header, and what passes through unchanged is never made a
 * string. Lookups compare a hash first and scan; messages with hundreds of headers are refused by the codec's limits
 * long before a scan would hurt.
 *
 * <p>Values are ISO-8859-1, as on the wire. What is added is checked: a value with CR, LF or NUL is refused. Confined to
 * one thread at a time.
 */
public final class Headers implements HeaderView {

    private static final int HASH = 0;
    private static final int NAME_START = 1;
    private static final int NAME_LENGTH = 2;
    private static final int VALUE_START = 3;
    private static final int VALUE_LENGTH = 4;
    private static final int FIELDS = 5;

    private byte[] bytes;
    private int used;
    private int[] index;
    private int count;

    public Headers() {
        this(new byte[256], 0, 8);
    }

    /**
     * Takes over the array that a codec has read a message's head into; names in it are already lower case.
     *
     * @param used bytes from the start that hold the head; more is appended after
     * @param expected how many headers to make room for
     */
    public Headers(byte[] bytes, int used, int expected) {
        this.bytes = bytes;
        this.used = used;
        this.index = new int[expected * FIELDS];
    }

    public int size() {
        return count;
    }

    public boolean isEmpty() {
        return count == 0;
    }

    /** Bytes of all names and values; what limits count. */
    public int byteSize() {
        int sum = 0;
        for (int i = 0; i < count; i++) {
            sum += index[i * FIELDS + NAME_LENGTH] + index[i * FIELDS + VALUE_LENGTH];
        }
        return sum;
    }

    public String name(int i) {
        return latin1(index[i * FIELDS + NAME_START], index[i * FIELDS + NAME_LENGTH]);
    }

    public String value(int i) {
        return latin1(index[i * FIELDS + VALUE_START], index[i * FIELDS + VALUE_LENGTH]);
    }

    /** As {@link #value(int)}, reusing the cached string if it is equal. */
    String value(int i, StringCache cache) {
        return cache.string(bytes, index[i * FIELDS + VALUE_START], index[i * FIELDS + VALUE_LENGTH]);
    }

    private String latin1(int start, int length) {
        return new String(bytes, start, length, StandardCharsets.ISO_8859_1);
    }

    /** The first value, or null. */
    public @Nullable String get(HeaderName name) {
        int i = find(name, 0);
        return i < 0 ? null : value(i);
    }

    /** The first value of a lower-case name, or null. */
    @Override
    public @Nullable String get(String lowerCaseName) {
        int i = find(lowerCaseName, 0);
        return i < 0 ? null : value(i);
    }

    @Override
    public @Nullable String joined(String lowerCaseName) {
        int i = find(lowerCaseName, 0);
        if (i < 0) {
            return null;
        }
        String first = value(i);
        i = find(lowerCaseName, i + 1);
        if (i < 0) {
            return first;
        }
        StringBuilder all = new StringBuilder(first);
        for (; i >= 0; i = find(lowerCaseName, i + 1)) {
            all.append(',').append(value(i));
        }
        return all.toString();
    }

    public boolean contains(HeaderName name) {
        return find(name, 0) >= 0;
    }

    /** Whether the first value equals this ASCII text, ignoring case. */
    public boolean valueEquals(HeaderName name, String ascii) {
        int i = find(name, 0);
        if (i < 0 || index[i * FIELDS + VALUE_LENGTH] != ascii.length()) {
            return false;
        }
        int start = index[i * FIELDS + VALUE_START];
        for (int k = 0; k < ascii.length(); k++) {
            int ours = bytes[start + k];
            int theirs = ascii.charAt(k);
            if (ours != theirs && ((ours ^ theirs) != 0x20 || (ours | 0x20) < 'a' || (ours | 0x20) > 'z')) {
                return false;
            }
        }
        return true;
    }

    /** The position of the name at or after {@code from}, or -1. */
    public int find(HeaderName name, int from) {
        int hash = name.hash();
        byte[] wanted = name.bytes();
        for (int i = from, at = from * FIELDS; i < count; i++, at += FIELDS) {
            if (index[at + HASH] == hash
                    && index[at + NAME_LENGTH] == wanted.length
                    && Arrays.equals(
                            bytes,
                            index[at + NAME_START],
                            index[at + NAME_START] + wanted.length,
                            wanted,
                            0,
                            wanted.length)) {
                return i;
            }
        }
        return -1;
    }

    /** The position of a lower-case name at or after {@code from}, or -1. */
    public int find(String name, int from) {
        int hash = hash(name);
        for (int i = from, at = from * FIELDS; i < count; i++, at += FIELDS) {
            if (index[at + HASH] == hash && index[at + NAME_LENGTH] == name.length() && nameEquals(at, name)) {
                return i;
            }
        }
        return -1;
    }

    /** Whether any name begins with this lower-case text. */
    public boolean anyNameStartsWith(String prefix) {
        for (int i = 0, at = 0; i < count; i++, at += FIELDS) {
            if (index[at + NAME_LENGTH] >= prefix.length() && nameEquals(at, prefix)) {
                return true;
            }
        }
        return false;
    }

    private boolean nameEquals(int at, String name) {
        int start = index[at + NAME_START];
        for (int k = 0; k < name.length(); k++) {
            if (bytes[start + k] != name.charAt(k)) {
                return false;
            }
        }
        return true;
    }

    private static int hash(String name) {
        int h = 0;
        for (int k = 0; k < name.length(); k++) {
            h = h * 31 + (byte) name.charAt(k);
        }
        return h;
    }

    /** Adds a header after those that are there. */
    public void add(HeaderName name, String value) {
        int valueLength = value.length();
        ensure(name.bytes().length + valueLength);
        int nameStart = used;
        System.arraycopy(name.bytes(), 0, bytes, used, name.bytes().length);
        used += name.bytes().length;
        int valueStart = append(value);
        entry(name.hash(), nameStart, name.bytes().length, valueStart, valueLength);
    }

    /** As {@link #add(HeaderName, String)} for a name that is not known in advance; must be a lower-case token. */
    public void add(String lowerCaseName, String value) {
        ensure(lowerCaseName.length() + value.length());
        int nameStart = used;
        int h = 0;
        for (int k = 0; k < lowerCaseName.length(); k++) {
            char c = lowerCaseName.charAt(k);
            if (c < '!' || c > '~' || HttpChars.inName(c) != c) {
                throw new IllegalArgumentException("not a lower-case header name");
            }
            bytes[used++] = (byte) c;
            h = h * 31 + (byte) c;
        }
        int valueStart = append(value);
        entry(h, nameStart, lowerCaseName.length(), valueStart, value.length());
    }

    /** Adds a decimal value without making a string of it. */
    public void add(HeaderName name, long value) {
        ensure(name.bytes().length + 20);
        int nameStart = used;
        System.arraycopy(name.bytes(), 0, bytes, used, name.bytes().length);
        used += name.bytes().length;
        int valueStart = used;
        used = Ascii.appendDecimal(bytes, used, value);
        entry(name.hash(), nameStart, name.bytes().length, valueStart, used - valueStart);
    }

    /** Adds bytes that are known to be a valid value, such as a rendered date. */
    public void add(HeaderName name, byte[] value) {
        ensure(name.bytes().length + value.length);
        int nameStart = used;
        System.arraycopy(name.bytes(), 0, bytes, used, name.bytes().length);
        used += name.bytes().length;
        int valueStart = used;
        System.arraycopy(value, 0, bytes, used, value.length);
        used += value.length;
        entry(name.hash(), nameStart, name.bytes().length, valueStart, value.length);
    }

    /** Replaces all values of the name by one. */
    public void set(HeaderName name, String value) {
        remove(name);
        add(name, value);
    }

    public void set(String lowerCaseName, String value) {
        remove(lowerCaseName);
        add(lowerCaseName, value);
    }

    public void set(HeaderName name, long value) {
        remove(name);
        add(name, value);
    }

    public void set(HeaderName name, byte[] value) {
        remove(name);
        add(name, value);
    }

    /** Removes all values of the name; returns whether there was one. */
    public boolean remove(HeaderName name) {
        int i = find(name, 0);
        boolean found = i >= 0;
        while (i >= 0) {
            removeAt(i);
            i = find(name, i);
        }
        return found;
    }

    /** Removes all values of these names. */
    public void removeAll(List<HeaderName> names) {
        for (int i = 0; i < names.size(); i++) { // every request comes here, so it makes no iterator
            remove(names.get(i));
        }
    }

    public boolean remove(String lowerCaseName) {
        int i = find(lowerCaseName, 0);
        boolean found = i >= 0;
        while (i >= 0) {
            removeAt(i);
            i = find(lowerCaseName, i);
        }
        return found;
    }

    public void removeAt(int i) {
        count--;
        System.arraycopy(index, (i + 1) * FIELDS, index, i * FIELDS, (count - i) * FIELDS);
    }

    /** For codecs: a header whose name and value already lie in the array. */
    public void entry(int hash, int nameStart, int nameLength, int valueStart, int valueLength) {
        int at = count * FIELDS;
        if (at == index.length) {
            index = Arrays.copyOf(index, Math.max(8 * FIELDS, index.length * 2));
        }
        index[at + HASH] = hash;
        index[at + NAME_START] = nameStart;
        index[at + NAME_LENGTH] = nameLength;
        index[at + VALUE_START] = valueStart;
        index[at + VALUE_LENGTH] = valueLength;
        count++;
    }

    /** Bytes that {@link #writeTo} may need at most. */
    public int encodedBound() {
        int sum = 0;
        for (int i = 0; i < count; i++) {
            sum += index[i * FIELDS + NAME_LENGTH] + index[i * FIELDS + VALUE_LENGTH] + 4;
        }
        return sum;
    }

    /** Gives each header to an encoder of fields; returns the position after the last. */
    public int encode(FieldEncoder encoder, byte[] target, int position) {
        int at = position;
        for (int k = 0; k < count * FIELDS; k += FIELDS) {
            at = encoder.field(
                    target,
                    at,
                    bytes,
                    index[k + HASH],
                    index[k + NAME_START],
                    index[k + NAME_LENGTH],
                    index[k + VALUE_START],
                    index[k + VALUE_LENGTH]);
        }
        return at;
    }

    /** Writes one header, whose name and value lie in {@code from}, and returns the position after it. */
    public interface FieldEncoder {
        int field(
                byte[] target,
                int position,
                byte[] from,
                int nameHash,
                int nameStart,
                int nameLength,
                int valueStart,
                int valueLength);
    }

    /** Writes {@code name: value CRLF} for each header; returns the position after the last. */
    public int writeTo(byte[] target, int position) {
        int at = position;
        for (int i = 0, k = 0; i < count; i++, k += FIELDS) {
            int nameLength = index[k + NAME_LENGTH];
            int valueLength = index[k + VALUE_LENGTH];
            System.arraycopy(bytes, index[k + NAME_START], target, at, nameLength);
            at += nameLength;
            target[at++] = ':';
            target[at++] = ' ';
            System.arraycopy(bytes, index[k + VALUE_START], target, at, valueLength);
            at += valueLength;
            target[at++] = '\r';
            target[at++] = '\n';
        }
        return at;
    }

    private int append(String value) {
        int start = used;
        for (int k = 0; k < value.length(); k++) {
            char c = value.charAt(k);
            if (c > 0xff || !HttpChars.isInValue(c)) {
                used = start;
                throw new IllegalArgumentException("character not allowed in a header value at " + k);
            }
            bytes[used++] = (byte) c;
        }
        return start;
    }

    private void ensure(int more) {
        if (used + more > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(used + more, bytes.length * 2));
        }
    }

    /** An independent copy, for a second attempt or a mirror. */
    public Headers copy() {
        Headers copy = new Headers(Arrays.copyOf(bytes, used + 64), used, 0);
        copy.index = Arrays.copyOf(index, Math.max(1, count) * FIELDS);
        copy.count = count;
        return copy;
    }

    /** For logs and tests: {@code name: value} lines. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < count; i++) {
            text.append(name(i)).append(": ").append(value(i)).append('\n');
        }
        return text.toString();
    }
}
