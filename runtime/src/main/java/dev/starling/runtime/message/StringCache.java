package dev.starling.runtime.message;

import java.nio.charset.StandardCharsets;

/** The last string read at one place of a connection: requests on a connection mostly repeat host and often path. */
public final class StringCache {

    private String last = "";
    private boolean changed;

    public String string(byte[] bytes, int start, int length) {
        changed = !equal(bytes, start, length);
        if (changed) {
            last = new String(bytes, start, length, StandardCharsets.ISO_8859_1);
        }
        return last;
    }

    public String value(Headers headers, int i) {
        return headers.value(i, this);
    }

    /** Whether the last call returned something new. */
    public boolean changed() {
        return changed;
    }

    private boolean equal(byte[] bytes, int start, int length) {
        if (last.length() != length) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            if (last.charAt(i) != (bytes[start + i] & 0xff)) {
                return false;
            }
        }
        return true;
    }
}
