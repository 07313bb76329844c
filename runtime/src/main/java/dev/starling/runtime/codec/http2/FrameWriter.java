package dev.starling.runtime.codec.http2;

import dev.starling.config.http.Http2Options.Setting;
import dev.starling.runtime.codec.Output;
import dev.starling.runtime.loop.Loop;
import io.netty.buffer.ByteBuf;
import java.util.List;

/** Writes frames; all of a loop's turn leave with one flush. Confined to the loop. */
final class FrameWriter {

    private final Loop loop;
    private final Output output;
    private final FloodGuard guard;
    private final byte[] small = new byte[Frames.HEADER_BYTES + 8];

    FrameWriter(Loop loop, Output output, FloodGuard guard) {
        this.loop = loop;
        this.output = output;
        this.guard = guard;
    }

    /** At most a frame's worth; takes ownership. */
    void data(int stream, ByteBuf bytes, boolean end) {
        header(small, 0, bytes.readableBytes(), Frames.DATA, end ? Frames.END_STREAM : 0, stream);
        output.bytes(small, 0, Frames.HEADER_BYTES);
        output.body(bytes);
        guard.written(false, output.bytesWritten());
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
            frame(block, at - Frames.HEADER_BYTES, length, false);
            at += length; // the next header goes where the bytes before it have been sent
            type = Frames.CONTINUATION;
            flags = 0;
        } while (at < end);
    }

    void settings(List<Setting> settings) {
        int length = settings.size() * 6;
        byte[] frame = loop.scratch(Frames.HEADER_BYTES + length);
        header(frame, 0, length, Frames.SETTINGS, 0, 0);
        int at = Frames.HEADER_BYTES;
        for (Setting setting : settings) {
            frame[at++] = (byte) (setting.identifier() >> 8);
            frame[at++] = (byte) setting.identifier();
            at = putInt(frame, at, (int) setting.value());
        }
        frame(frame, 0, length, false);
    }

    void settingsAck() {
        header(small, 0, 0, Frames.SETTINGS, Frames.ACK, 0);
        frame(small, 0, 0, true);
    }

    void ping(boolean ack, long data) {
        header(small, 0, 8, Frames.PING, ack ? Frames.ACK : 0, 0);
        putInt(small, putInt(small, Frames.HEADER_BYTES, (int) (data >>> 32)), (int) data);
        frame(small, 0, 8, ack);
    }

    void reset(int stream, Http2Error error) {
        number(Frames.RST_STREAM, stream, error.code(), true);
    }

    void windowUpdate(int stream, int increment) {
        number(Frames.WINDOW_UPDATE, stream, increment, false);
    }

    void goAway(int lastStream, Http2Error error) {
        header(small, 0, 8, Frames.GOAWAY, 0, 0);
        putInt(small, putInt(small, Frames.HEADER_BYTES, lastStream), error.code());
        frame(small, 0, 8, false);
    }

    private void number(int type, int stream, int value, boolean control) {
        header(small, 0, 4, type, 0, stream);
        putInt(small, Frames.HEADER_BYTES, value);
        frame(small, 0, 4, control);
    }

    /** @param control whether it is of those that a peer can make us write without end */
    private void frame(byte[] bytes, int start, int length, boolean control) {
        output.bytes(bytes, start, Frames.HEADER_BYTES + length);
        guard.written(control, output.bytesWritten());
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
