package dev.starling.runtime.codec.http2;

import dev.starling.runtime.codec.Output;
import dev.starling.runtime.loop.Loop;
import io.netty.buffer.ByteBuf;

/** Writes frames; all of a loop's turn leave with one flush. Confined to the loop. */
final class FrameWriter {

    private final Loop loop;
    private final Output output;
    private final byte[] small = new byte[Frames.HEADER_BYTES + 8];

    FrameWriter(Loop loop, Output output) {
        this.loop = loop;
        this.output = output;
    }

    /** At most a frame's worth; takes ownership. */
    void data(int stream, ByteBuf bytes, boolean end) {
        header(small, 0, bytes.readableBytes(), Frames.DATA, end ? Frames.END_STREAM : 0, stream);
        output.bytes(small, 0, Frames.HEADER_BYTES);
        output.body(bytes);
    }

    /** Room for a header block with what stands before it; {@link #headers} follows in the same call. */
    byte[] block(int bound) {
        return loop.scratch(Frames.HEADER_BYTES + bound);
    }

    /** Where a block begins in what {@link #block} returned. */
    int blockStart() {
        return Frames.HEADER_BYTES;
    }

    /** Sends the block that lies in the array up to {@code end}, in as many frames as it needs. */
    void headers(int stream, byte[] block, int end, boolean endStream) {
        int at = Frames.HEADER_BYTES;
        int type = Frames.HEADERS;
        int flags = endStream ? Frames.END_STREAM : 0;
        do {
            int length = Math.min(end - at, Frames.MAX_FRAME_BYTES);
            boolean last = at + length == end;
            header(block, at - Frames.HEADER_BYTES, length, type, last ? flags | Frames.END_HEADERS : flags, stream);
            output.bytes(block, at - Frames.HEADER_BYTES, Frames.HEADER_BYTES + length);
            at += length; // the next header goes where the bytes before it have been sent
            type = Frames.CONTINUATION;
            flags = 0;
        } while (at < end);
    }

    void settings(int... idsAndValues) {
        int length = idsAndValues.length / 2 * 6;
        byte[] frame = loop.scratch(Frames.HEADER_BYTES + length);
        header(frame, 0, length, Frames.SETTINGS, 0, 0);
        int at = Frames.HEADER_BYTES;
        for (int i = 0; i < idsAndValues.length; i += 2) {
            frame[at++] = (byte) (idsAndValues[i] >> 8);
            frame[at++] = (byte) idsAndValues[i];
            at = putInt(frame, at, idsAndValues[i + 1]);
        }
        output.bytes(frame, 0, at);
    }

    void settingsAck() {
        header(small, 0, 0, Frames.SETTINGS, Frames.ACK, 0);
        output.bytes(small, 0, Frames.HEADER_BYTES);
    }

    void ping(boolean ack, long data) {
        header(small, 0, 8, Frames.PING, ack ? Frames.ACK : 0, 0);
        putInt(small, putInt(small, Frames.HEADER_BYTES, (int) (data >>> 32)), (int) data);
        output.bytes(small, 0, Frames.HEADER_BYTES + 8);
    }

    void reset(int stream, Http2Error error) {
        number(Frames.RST_STREAM, stream, error.code());
    }

    void windowUpdate(int stream, int increment) {
        number(Frames.WINDOW_UPDATE, stream, increment);
    }

    void goAway(int lastStream, Http2Error error) {
        header(small, 0, 8, Frames.GOAWAY, 0, 0);
        putInt(small, putInt(small, Frames.HEADER_BYTES, lastStream), error.code());
        output.bytes(small, 0, Frames.HEADER_BYTES + 8);
    }

    private void number(int type, int stream, int value) {
        header(small, 0, 4, type, 0, stream);
        putInt(small, Frames.HEADER_BYTES, value);
        output.bytes(small, 0, Frames.HEADER_BYTES + 4);
    }

    private static void header(byte[] target, int at, int length, int type, int flags, int stream) {
        target[at] = (byte) (length >> 16);
        target[at + 1] = (byte) (length >> 8);
        target[at + 2] = (byte) length;
        target[at + 3] = (byte) type;
        target[at + 4] = (byte) flags;
        putInt(target, at + 5, stream);
    }

    private static int putInt(byte[] target, int at, int value) {
        target[at] = (byte) (value >> 24);
        target[at + 1] = (byte) (value >> 16);
        target[at + 2] = (byte) (value >> 8);
        target[at + 3] = (byte) value;
        return at + 4;
    }
}
