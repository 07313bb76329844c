package dev.starling.tests.process;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A frame of RFC 6455 5.2, and how the cases of {@code websocket-cases.txt} write it: {@code +text:ab} is a text frame that is
 * not the last, {@code binary*300} one of 300 bytes, {@code close:1000:bye} closes with code and reason.
 *
 * @param head FIN, RSV and opcode
 */
@SuppressWarnings("ArrayRecordComponent") // equals and hashCode look at the bytes
record WebSocketFrame(int head, byte[] payload) {

    private static final List<String> OPCODES =
            List.of("cont", "text", "binary", "3", "4", "5", "6", "7", "close", "ping", "pong", "11");
    private static final byte[] MASK = {0x12, (byte) 0xff, 0x00, (byte) 0x80};
    private static final int FIN = 0x80;
    private static final int CLOSE = 8;

    static WebSocketFrame parse(String text) {
        boolean last = !text.startsWith("+");
        String word = last ? text : text.substring(1);
        int rsv = word.startsWith("rsv-") ? 0x40 : 0;
        word = rsv == 0 ? word : word.substring(4);
        int end = word.indexOf('*') < 0 ? word.indexOf(':') : word.indexOf('*');
        String name = end < 0 ? word : word.substring(0, end);
        int opcode = OPCODES.indexOf(name);
        byte[] payload = new byte[0];
        if (end >= 0 && word.charAt(end) == '*') {
            payload = bytes(Integer.parseInt(word.substring(end + 1)));
        } else if (end >= 0 && opcode == CLOSE) {
            payload = close(word.substring(end + 1));
        } else if (end >= 0) {
            payload = word.substring(end + 1).replace('_', ' ').getBytes(StandardCharsets.UTF_8);
        }
        return new WebSocketFrame((last ? FIN : 0) | rsv | opcode, payload);
    }

    /** Letters, so that they may be text. */
    private static byte[] bytes(int count) {
        byte[] bytes = new byte[count];
        for (int i = 0; i < count; i++) {
            bytes[i] = (byte) ('a' + i * 7 % 26);
        }
        return bytes;
    }

    private static byte[] close(String codeAndReason) {
        int colon = codeAndReason.indexOf(':');
        int code = Integer.parseInt(colon < 0 ? codeAndReason : codeAndReason.substring(0, colon));
        byte[] reason = (colon < 0 ? "" : codeAndReason.substring(colon + 1)).getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(2 + reason.length)
                .putShort((short) code)
                .put(reason)
                .array();
    }

    boolean closes() {
        return opcode() == CLOSE;
    }

    int opcode() {
        return head & 15;
    }

    /** Whether nobody may send it: reserved bits or opcodes, control frames that are too long or in parts. */
    boolean forbidden() {
        boolean control = opcode() >= CLOSE;
        return (head & 0x70) != 0
                || (opcode() > 2 && opcode() < CLOSE)
                || opcode() > 10
                || (control && ((head & FIN) == 0 || payload.length > 125));
    }

    /** @param masked as clients do and servers do not */
    byte[] wire(boolean masked) {
        ByteArrayOutputStream wire = new ByteArrayOutputStream();
        wire.write(head);
        int mask = masked ? 0x80 : 0;
        int length = payload.length;
        if (length < 126) {
            wire.write(mask | length);
        } else if (length < 65536) {
            wire.write(mask | 126);
            wire.writeBytes(ByteBuffer.allocate(2).putShort((short) length).array());
        } else {
            wire.write(mask | 127);
            wire.writeBytes(ByteBuffer.allocate(8).putLong(length).array());
        }
        wire.writeBytes(masked ? MASK : new byte[0]);
        wire.writeBytes(masked ? unmasked(payload, MASK) : payload);
        return wire.toByteArray();
    }

    private static byte[] unmasked(byte[] bytes, byte[] mask) {
        byte[] plain = bytes.clone();
        for (int i = 0; i < plain.length; i++) {
            plain[i] ^= mask[i % 4];
        }
        return plain;
    }

    /** The next one, or null at the end of the connection. */
    static @Nullable WebSocketFrame read(InputStream in) throws IOException {
        int head = in.read();
        if (head < 0) {
            return null;
        }
        int second = in.read();
        long length = second & 0x7f;
        if (length == 126) {
            length = ByteBuffer.wrap(in.readNBytes(2)).getShort() & 0xffff;
        } else if (length == 127) {
            length = ByteBuffer.wrap(in.readNBytes(8)).getLong();
        }
        byte[] mask = (second & 0x80) == 0 ? new byte[4] : in.readNBytes(4);
        return new WebSocketFrame(head, unmasked(in.readNBytes((int) length), mask));
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof WebSocketFrame frame && head == frame.head && Arrays.equals(payload, frame.payload);
    }

    @Override
    public int hashCode() {
        return head * 31 + Arrays.hashCode(payload);
    }

    @Override
    public String toString() {
        String text = new String(payload, StandardCharsets.ISO_8859_1);
        return ((head & FIN) == 0 ? "+" : "") + OPCODES.get(Math.min(opcode(), 11)) + ":"
                + (text.length() > 40 ? text.substring(0, 40) + "... of " + text.length() : text);
    }
}
