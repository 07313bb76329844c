package dev.starling.runtime.accesslog;

import dev.starling.runtime.text.JsonText;

/** Escapes what a field has appended, whose characters are bytes. */
final class JsonBytes {

    private JsonBytes() {}

    /** Most values need nothing, and are left where they are. As Envoy, bytes that are no UTF-8 become escapes each. */
    static void escape(StringBuilder out, int start) {
        boolean special = false;
        boolean ascii = true;
        for (int i = start; i < out.length(); i++) {
            char c = out.charAt(i);
            special |= JsonText.isSpecial(c);
            ascii &= c < 0x80;
        }
        boolean malformed = !ascii && !Utf8Chars.isWellFormed(out, start);
        if (special || malformed) {
            String value = out.substring(start);
            out.setLength(start);
            JsonText.append(out, value, malformed);
        }
    }
}
