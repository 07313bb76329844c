package dev.starling.runtime.grpc;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.Arrays;

/** Decodes base64 as it comes, four characters at a time (RFC 4648 4); holds three characters at most. */
public final class Base64Quanta {

    private static final byte[] VALUES = new byte[256];
    private static final byte PAD = 64;

    static {
        Arrays.fill(VALUES, (byte) -1);
        String alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=";
        for (int i = 0; i < alphabet.length(); i++) {
            VALUES[alphabet.charAt(i)] = (byte) i;
        }
    }

    private final byte[] quantum = new byte[4];
    private int held;

    /** Whether the text is broken if nothing follows. */
    public boolean unfinished() {
        return held > 0;
    }

    /** Appends what can be decoded by now; false if the text is not base64. */
    public boolean decode(ByteBuf text, ByteBuf out) {
        while (text.isReadable()) {
            byte value = VALUES[text.readByte() & 0xff];
            if (value < 0) {
                return false;
            }
            quantum[held++] = value;
            if (held == quantum.length) {
                held = 0;
                if (!decodeQuantum(out)) {
                    return false;
                }
            }
        }
        return true;
    }

    private boolean decodeQuantum(ByteBuf out) {
        int padding = quantum[3] != PAD ? 0 : quantum[2] != PAD ? 1 : 2;
        for (int i = 0; i < quantum.length - padding; i++) {
            if (quantum[i] == PAD) {
                return false;
            }
        }
        int bits = quantum[0] << 18 | quantum[1] << 12;
        out.writeByte(bits >> 16);
        if (padding < 2) {
            bits |= quantum[2] << 6;
            out.writeByte(bits >> 8);
        }
        if (padding < 1) {
            out.writeByte(bits | quantum[3]);
        }
        return true;
    }

    /** Room for what the text decodes to. */
    public ByteBuf room(ByteBufAllocator allocator, ByteBuf text) {
        return allocator.buffer((held + text.readableBytes()) / 4 * 3 + 3);
    }
}
