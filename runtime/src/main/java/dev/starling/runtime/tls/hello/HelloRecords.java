package dev.starling.runtime.tls.hello;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;

/**
 * Takes the first handshake message out of its TLS records (RFC 8446 5.1), of which there may be many, each in pieces. As
 * strict as BoringSSL, which is what Envoy asks: what that would not read as a ClientHello is no TLS.
 */
public final class HelloRecords {

    private static final int RECORD_HEADER_BYTES = 5;
    private static final int CLIENT_HELLO = 1;

    private static final int MESSAGE_HEADER_BYTES = 4;
    private static final int MAX_RECORD_BYTES = (1 << 14) + 320;
    private static final int MAX_PLAINTEXT_BYTES = 1 << 14;
    private static final int MAX_MESSAGE_BYTES = 1 << 14;
    private static final int MAX_EMPTY_RECORDS = 32;
    private static final int MAX_WARNINGS = 4;

    private static final int ALERT = 21;
    private static final int HANDSHAKE = 22;
    private static final int WARNING = 1;

    private static final byte[] NOTHING = {};

    /** What there is so far. */
    public enum State {
        INCOMPLETE,
        /** No TLS. */
        OTHER,
        /** TLS, and over before it began. */
        CLOSED,
        COMPLETE
    }

    private byte[] message = NOTHING;
    private int consumed;

    /** Of the message, without its header. */
    private ByteBuf body() {
        return Unpooled.wrappedBuffer(message, MESSAGE_HEADER_BYTES, message.length - MESSAGE_HEADER_BYTES);
    }

    /** What the message is, when complete; null if it is no ClientHello. */
    public @Nullable ClientHello hello() {
        return message[0] == CLIENT_HELLO ? ClientHello.parse(body()) : null;
    }

    /** How many bytes were looked at. */
    public int consumed() {
        return consumed;
    }

    /** Looks at all bytes there are, from the beginning; does not move the buffer's indices. */
    public State read(ByteBuf bytes) {
        int end = bytes.writerIndex();
        int at = bytes.readerIndex();
        int begin = at;
        int empty = 0;
        int warnings = 0;
        int held = 0;
        while (end - at >= RECORD_HEADER_BYTES) {
            consumed = at - begin + RECORD_HEADER_BYTES;
            int type = bytes.getUnsignedByte(at);
            int length = bytes.getUnsignedShort(at + 3);
            if (bytes.getByte(at + 1) != 3 || length > MAX_RECORD_BYTES) {
                return State.OTHER;
            }
            if (end - at - RECORD_HEADER_BYTES < length) {
                return State.INCOMPLETE;
            }
            int content = at + RECORD_HEADER_BYTES;
            at = content + length;
            consumed = at - begin;
            if (length > MAX_PLAINTEXT_BYTES || (length == 0 && ++empty > MAX_EMPTY_RECORDS)) {
                return State.OTHER;
            }
            if (type == ALERT && length == 2 && bytes.getByte(content) == WARNING && bytes.getByte(content + 1) == 0) {
                return State.CLOSED; // close_notify
            }
            if (type == ALERT && length == 2 && bytes.getByte(content) == WARNING && ++warnings <= MAX_WARNINGS) {
                continue;
            }
            if (type != HANDSHAKE) {
                return State.OTHER;
            }
            warnings = 0;
            held += length;
            State state = message(bytes, begin, at, held);
            if (state != State.INCOMPLETE) {
                return state;
            }
        }
        return State.INCOMPLETE;
    }

    /** Whether the records up to here hold the message, and nothing else. */
    private State message(ByteBuf bytes, int begin, int end, int held) {
        if (held < MESSAGE_HEADER_BYTES) {
            return State.INCOMPLETE;
        }
        byte[] header = new byte[MESSAGE_HEADER_BYTES];
        gather(bytes, begin, end, header);
        int length = (header[1] & 0xff) << 16 | (header[2] & 0xff) << 8 | (header[3] & 0xff);
        if (length > MAX_MESSAGE_BYTES) {
            return State.OTHER;
        }
        if (held < MESSAGE_HEADER_BYTES + length) {
            return State.INCOMPLETE;
        }
        if (held > MESSAGE_HEADER_BYTES + length) {
            return State.OTHER; // a ClientHello ends its flight
        }
        message = new byte[held];
        gather(bytes, begin, end, message);
        return State.COMPLETE;
    }

    /** What handshake records hold, as far as there is room. */
    private static void gather(ByteBuf bytes, int begin, int end, byte[] into) {
        int filled = 0;
        int at = begin;
        while (at < end && filled < into.length) {
            int length = bytes.getUnsignedShort(at + 3);
            if (bytes.getUnsignedByte(at) == HANDSHAKE) {
                int part = Math.min(length, into.length - filled);
                bytes.getBytes(at + RECORD_HEADER_BYTES, into, filled, part);
                filled += part;
            }
            at += RECORD_HEADER_BYTES + length;
        }
    }
}
