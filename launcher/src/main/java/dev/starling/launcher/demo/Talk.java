package dev.starling.launcher.demo;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/** A WebSocket (RFC 6455) whose other end says what it is told, with the bird's name before it. */
final class Talk {

    private static final String GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    private static final int TEXT = 1;
    private static final int CLOSE = 8;
    private static final int PING = 9;
    private static final int PONG = 10;

    /** Of a text; the lengths above have other forms. */
    private static final int MOST_BYTES = 65_535;

    private final String bird;
    private final Call call;

    Talk(String bird, Call call) {
        this.bird = bird;
        this.call = call;
    }

    /** Until one side ends it. */
    void hold() throws IOException {
        call.out()
                .write(("HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: upgrade\r\n"
                                + "sec-websocket-accept: " + accept(call.header("sec-websocket-key")) + "\r\n\r\n")
                        .getBytes(StandardCharsets.US_ASCII));
        var in = new DataInputStream(call.in());
        boolean open = true;
        while (open) {
            int head = in.read();
            int opcode = head & 15;
            open = head >= 0 && opcode != CLOSE && answer(opcode, in);
        }
        send(CLOSE, new byte[] {0x03, (byte) 0xe8}); // 1000, a normal end
    }

    private boolean answer(int opcode, DataInputStream in) throws IOException {
        int length = in.readUnsignedByte() & 0x7f;
        length = length == 126 ? in.readUnsignedShort() : length;
        if (length == 127) {
            return false;
        }
        byte[] payload = unmasked(in, length);
        if (opcode == PING) {
            send(PONG, payload);
        } else if (opcode == TEXT && length < MOST_BYTES - 100) {
            send(TEXT, (bird + ": " + new String(payload, StandardCharsets.UTF_8)).getBytes(StandardCharsets.UTF_8));
        }
        return true;
    }

    private static byte[] unmasked(InputStream in, int length) throws IOException {
        byte[] mask = in.readNBytes(4);
        byte[] payload = in.readNBytes(length);
        for (int i = 0; i < payload.length; i++) {
            payload[i] ^= mask[i % 4];
        }
        return payload;
    }

    private void send(int opcode, byte[] payload) throws IOException {
        var frame = new ByteArrayOutputStream();
        frame.write(0x80 | opcode);
        if (payload.length < 126) {
            frame.write(payload.length);
        } else {
            frame.write(126);
            frame.write(payload.length >> 8);
            frame.write(payload.length);
        }
        frame.writeBytes(payload);
        frame.writeTo(call.out());
    }

    private static String accept(String key) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-1").digest((key + GUID).getBytes(StandardCharsets.US_ASCII));
            return Base64.getEncoder().encodeToString(hash);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
