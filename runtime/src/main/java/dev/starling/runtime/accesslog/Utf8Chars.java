package dev.starling.runtime.accesslog;

import java.nio.charset.StandardCharsets;

/** Texts as their UTF-8 bytes, one character each. */
final class Utf8Chars {

    private Utf8Chars() {}

    static String of(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) >= 0x80) {
                return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
            }
        }
        return text;
    }

    /** The text that such bytes are; what is not well-formed is one {@code !} for each byte, as in Envoy's messages. */
    static String decode(String bytes) {
        int at = 0;
        while (at < bytes.length() && bytes.charAt(at) < 0x80) {
            at++;
        }
        if (at == bytes.length()) {
            return bytes;
        }
        StringBuilder text = new StringBuilder(bytes.length()).append(bytes, 0, at);
        byte[] raw = bytes.getBytes(StandardCharsets.ISO_8859_1);
        while (at < raw.length) {
            int length = sequenceLength(bytes, at);
            text.append(length == 0 ? "!" : new String(raw, at, length, StandardCharsets.UTF_8));
            at += Math.max(1, length);
        }
        return text.toString();
    }

    /** Whether the bytes are well-formed; without any above ASCII they are. */
    static boolean isWellFormed(CharSequence bytes, int start) {
        int at = start;
        while (at < bytes.length()) {
            int length = sequenceLength(bytes, at);
            if (length == 0) {
                return false;
            }
            at += length;
        }
        return true;
    }

    /** RFC 3629, table in section 4; 0 for what no character begins with. */
    private static int sequenceLength(CharSequence bytes, int at) {
        char first = bytes.charAt(at);
        if (first < 0x80) {
            return 1;
        }
        int length = first >= 0xc2 && first <= 0xdf
                ? 2
                : first >= 0xe0 && first <= 0xef ? 3 : first >= 0xf0 && first <= 0xf4 ? 4 : 0;
        if (length == 0 || at + length > bytes.length()) {
            return 0;
        }
        char second = bytes.charAt(at + 1);
        char lowest = first == 0xe0 ? 0xa0 : first == 0xf0 ? 0x90 : (char) 0x80;
        char highest = first == 0xed ? 0x9f : first == 0xf4 ? 0x8f : (char) 0xbf;
        if (second < lowest || second > highest) {
            return 0;
        }
        for (int i = 2; i < length; i++) {
            if ((bytes.charAt(at + i) & 0xc0) != 0x80) {
                return 0;
            }
        }
        return length;
    }
}
