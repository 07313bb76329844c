package dev.starling.runtime.http;

import java.nio.charset.StandardCharsets;
import java.util.random.RandomGenerator;

/** Random UUIDs (RFC 9562 version 4) as text, straight to bytes. Not for secrets. */
final class UuidText {

    private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

    private UuidText() {}

    static byte[] random(RandomGenerator random) {
        long high = (random.nextLong() & 0xffff_ffff_ffff_0fffL) | 0x4000L;
        long low = (random.nextLong() & 0x3fff_ffff_ffff_ffffL) | 0x8000_0000_0000_0000L;
        byte[] text = new byte[36];
        int at = 0;
        for (int nibble = 15; nibble >= 0; nibble--) {
            if (nibble == 7 || nibble == 3) {
                text[at++] = '-';
            }
            text[at++] = HEX[(int) (high >>> (nibble * 4)) & 15];
        }
        text[at++] = '-';
        for (int nibble = 15; nibble >= 0; nibble--) {
            if (nibble == 11) {
                text[at++] = '-';
            }
            text[at++] = HEX[(int) (low >>> (nibble * 4)) & 15];
        }
        return text;
    }
}
