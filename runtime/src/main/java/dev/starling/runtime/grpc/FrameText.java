package dev.starling.runtime.grpc;

import io.netty.buffer.ByteBuf;

/**
 * Encodes gRPC messages as they come in base64, which ends and begins again with each message (gRPC-Web, text form).
 * Holds two bytes at most.
 */
public final class FrameText {

    private static final byte[] ALPHABET = new byte[64];
    private static final int HEADER_BYTES = 5;

    static {
        String alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
        for (int i = 0; i < alphabet.length(); i++) {
            ALPHABET[i] = (byte) alphabet.charAt(i);
        }
    }

    private int headerBytes;
    private long length;
    private long payloadLeft;
    private int bits;
    private int held;

    /** Appends what can be encoded by now; the input is consumed. */
    public void encode(ByteBuf frames, ByteBuf out) {
        while (frames.isReadable()) {
            byte b = frames.readByte();
            add(b, out);
            if (payloadLeft > 0) {
                payloadLeft--;
            } else {
                length = headerBytes == 0 ? 0 : (length << 8) | (b & 0xff);
                if (++headerBytes == HEADER_BYTES) {
                    headerBytes = 0;
                    payloadLeft = length;
                } else {
                    continue;
                }
            }
            if (payloadLeft == 0) {
                end(out);
            }
        }
    }

    /** Ends the text here, be the message complete or not. */
    public void end(ByteBuf out) {
        if (held > 0) {
            int left = held == 1 ? bits << 16 : bits << 8;
            out.writeByte(ALPHABET[left >> 18 & 63]);
            out.writeByte(ALPHABET[left >> 12 & 63]);
            out.writeByte(held == 1 ? '=' : ALPHABET[left >> 6 & 63]);
            out.writeByte('=');
            held = 0;
            bits = 0;
        }
    }

    private void add(byte b, ByteBuf out) {
        bits = (bits << 8) | (b & 0xff);
        if (++held == 3) {
            for (int shift = 18; shift >= 0; shift -= 6) {
                out.writeByte(ALPHABET[bits >> shift & 63]);
            }
            held = 0;
            bits = 0;
        }
    }

    /** Bytes of text that this many bytes may become at most, as each may end a message. */
    public static int bound(int bytes) {
        return (bytes + 2) / 3 * 4 + bytes / HEADER_BYTES * 4 + 4;
    }
}
