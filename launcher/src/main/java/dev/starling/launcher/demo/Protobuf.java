package dev.starling.launcher.demo;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Writes a message of protocol buffers field by field; numbers and lengths are below 128 squared, which two bytes can say. */
final class Protobuf {

    private static final int LENGTH = 2;

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    Protobuf with(int field, int number) {
        varint(field << 3);
        varint(number);
        return this;
    }

    Protobuf with(int field, String text) {
        return with(field, text.getBytes(StandardCharsets.UTF_8));
    }

    Protobuf with(int field, Protobuf message) {
        return with(field, message.bytes());
    }

    Protobuf with(int field, byte[] content) {
        varint((field << 3) | LENGTH);
        varint(content.length);
        bytes.writeBytes(content);
        return this;
    }

    byte[] bytes() {
        return bytes.toByteArray();
    }

    private void varint(int number) {
        if (number >= 0x80) {
            bytes.write((number & 0x7f) | 0x80);
        }
        bytes.write(number < 0x80 ? number : number >> 7);
    }

    /** The field of a message that has one, a short text; number 0 if there is none. */
    record Field(int number, String text) {

        static Field only(byte[] message) {
            if (message.length < 2 || (message[0] & 7) != LENGTH || (message[1] & 0x80) != 0) {
                return new Field(0, "");
            }
            int length = Math.min(message[1], message.length - 2);
            return new Field(message[0] >> 3, new String(message, 2, length, StandardCharsets.UTF_8));
        }
    }
}
