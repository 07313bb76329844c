package dev.starling.runtime.codec.hpack;

import dev.starling.runtime.message.Headers;
import java.util.Arrays;

/**
 * The decoded fields of one block, before anybody has looked at what they say. Kept by a connection and filled again for
 * each block. What is more than the limits allow is counted as too large and not kept, so that the tables stay in step.
 */
public final class HeaderBlock {

    private static final int HASH = 0;
    private static final int NAME_START = 1;
    private static final int NAME_LENGTH = 2;
    private static final int VALUE_LENGTH = 3;
    private static final int PARTS = 4;

    private final int maxBytes;
    private final int maxCount;
    private byte[] bytes = new byte[512];
    private int[] index = new int[16 * PARTS];
    private int used;
    private int count;
    private boolean tooLarge;
    private boolean tooMany;

    /**
     * @param maxBytes of all names and values, decoded
     * @param maxCount of fields
     */
    public HeaderBlock(int maxBytes, int maxCount) {
        this.maxBytes = maxBytes;
        this.maxCount = maxCount;
    }

    /** Forgets the last block. */
    public void clear() {
        used = 0;
        count = 0;
        tooLarge = false;
        tooMany = false;
    }

    public int count() {
        return count;
    }

    /** More bytes than the limit. */
    public boolean tooLarge() {
        return tooLarge;
    }

    /** More fields than the limit. */
    public boolean tooMany() {
        return tooMany;
    }

    boolean refused() {
        return tooLarge || tooMany;
    }

    public int nameHash(int i) {
        return index[i * PARTS + HASH];
    }

    public int nameStart(int i) {
        return index[i * PARTS + NAME_START];
    }

    public int nameLength(int i) {
        return index[i * PARTS + NAME_LENGTH];
    }

    public int valueStart(int i) {
        return nameStart(i) + nameLength(i);
    }

    public int valueLength(int i) {
        return index[i * PARTS + VALUE_LENGTH];
    }

    /** Where names and values lie; of this block until the next is decoded. */
    public byte[] bytes() {
        return bytes;
    }

    /**
     * The fields from one on as headers of their own.
     *
     * @param slack bytes to leave room for behind them
     */
    public Headers headers(int from, int slack) {
        int start = from < count ? nameStart(from) : used;
        Headers headers = new Headers(Arrays.copyOfRange(bytes, start, used + slack), used - start, count - from + 4);
        for (int i = from; i < count; i++) {
            headers.entry(nameHash(i), nameStart(i) - start, nameLength(i), valueStart(i) - start, valueLength(i));
        }
        return headers;
    }

    /** A field that was decoded elsewhere; characters beyond Latin-1 come out as what no field may have. */
    public void add(CharSequence name, CharSequence value) {
        byte[] target = room(name.length() + value.length());
        int hash = 0;
        int at = used;
        for (int i = 0; i < name.length(); i++) {
            hash = 31 * hash + name.charAt(i);
            target[at++] = latin1(name.charAt(i));
        }
        for (int i = 0; i < value.length(); i++) {
            target[at++] = latin1(value.charAt(i));
        }
        add(hash, name.length(), value.length());
    }

    private static byte latin1(char c) {
        return (byte) (c > 0xff ? 0 : c);
    }

    /** Makes room for as many bytes behind what is used, and returns the array, which may be another one. */
    byte[] room(int more) {
        if (used + more > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(used + more, bytes.length * 2));
        }
        return bytes;
    }

    int used() {
        return used;
    }

    /** A field whose name and value have been written behind what is used. */
    void add(int hash, int nameLength, int valueLength) {
        if (count == maxCount) {
            tooMany = true;
            return;
        }
        if (used + nameLength + valueLength > maxBytes) {
            tooLarge = true;
            return;
        }
        int at = count * PARTS;
        if (at == index.length) {
            index = Arrays.copyOf(index, at * 2);
        }
        index[at + HASH] = hash;
        index[at + NAME_START] = used;
        index[at + NAME_LENGTH] = nameLength;
        index[at + VALUE_LENGTH] = valueLength;
        used += nameLength + valueLength;
        count++;
    }
}
