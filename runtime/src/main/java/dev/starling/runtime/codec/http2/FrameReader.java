package dev.starling.runtime.codec.http2;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import org.jspecify.annotations.Nullable;

/**
 * Cuts what is read into frames and checks what can be checked of a frame by itself (RFC 9113 4, 6): sizes, padding, which
 * frames belong to a stream, that a header block is not interrupted. At most one incomplete frame is held. Confined to the
 * loop.
 */
abstract class FrameReader {

    /** A frame's payload below this share of what it was read with is copied, so that it does not hold on to the rest. */
    private static final int COPY_BELOW_SHARE = 2;

    private @Nullable ByteBuf held;
    private int continuing;

    abstract void onData(int stream, ByteBuf bytes, int flowBytes, boolean end) throws Http2Exception;

    /** Part of a header block; {@code first} for HEADERS, not for CONTINUATION. The bytes stay with the reader. */
    abstract void onHeaders(int stream, ByteBuf fragment, boolean first, boolean endStream, boolean endHeaders)
            throws Http2Exception;

    abstract void onPriority(int stream, int dependency) throws Http2Exception;

    abstract void onReset(int stream, Http2Error error) throws Http2Exception;

    abstract void onSetting(int id, long value) throws Http2Exception;

    /** All settings of a frame have been told. */
    abstract void onSettings() throws Http2Exception;

    abstract void onSettingsAck() throws Http2Exception;

    abstract void onPing(boolean ack, long data) throws Http2Exception;

    abstract void onGoAway(int lastStream, Http2Error error) throws Http2Exception;

    /** @param increment may be 0, which is the stream's error or the connection's */
    abstract void onWindowUpdate(int stream, int increment) throws Http2Exception;

    /** Whether what follows is still of interest. */
    abstract boolean wantsMore();

    /** Takes ownership. */
    final void feed(ByteBuf bytes, ByteBufAllocator allocator) throws Http2Exception {
        try {
            boolean more = wantsMore() && completeHeld(bytes);
            while (more) {
                more = frame(bytes) && wantsMore();
            }
            if (wantsMore() && bytes.isReadable()) {
                held = allocator.buffer(bytes.readableBytes() + missing(bytes)).writeBytes(bytes);
            }
        } finally {
            bytes.release();
        }
    }

    /** Reads the frame that began earlier, with no more of the bytes than it needs; false if it is still incomplete. */
    private boolean completeHeld(ByteBuf bytes) throws Http2Exception {
        ByteBuf frame = held;
        if (frame == null) {
            return true;
        }
        int missing = missing(frame);
        while (missing > 0 && bytes.isReadable()) { // twice if the header was incomplete
            int part = Math.min(missing, bytes.readableBytes());
            frame.ensureWritable(part).writeBytes(bytes, part);
            missing = missing(frame);
        }
        if (missing > 0) {
            return false;
        }
        held = null;
        try {
            return frame(frame) && wantsMore();
        } finally {
            frame.release();
        }
    }

    /** Bytes until the frame's header is complete, or else the frame; one that is too large needs no more to be refused. */
    private static int missing(ByteBuf frame) {
        int have = frame.readableBytes();
        if (have < Frames.HEADER_BYTES) {
            return Frames.HEADER_BYTES - have;
        }
        int length = frame.getUnsignedMedium(frame.readerIndex());
        return length > Frames.MAX_FRAME_BYTES ? 0 : Frames.HEADER_BYTES + length - have;
    }

    final void release() {
        if (held != null) {
            held.release();
            held = null;
        }
    }

    private boolean frame(ByteBuf in) throws Http2Exception {
        if (in.readableBytes() < Frames.HEADER_BYTES) {
            return false;
        }
        int start = in.readerIndex();
        int length = in.getUnsignedMedium(start);
        if (length > Frames.MAX_FRAME_BYTES) {
            throw new Http2Exception(Http2Error.FRAME_SIZE_ERROR, "http2.frame_too_large");
        }
        if (in.readableBytes() < Frames.HEADER_BYTES + length) {
            return false;
        }
        int type = in.getUnsignedByte(start + 3);
        int flags = in.getUnsignedByte(start + 4);
        int stream = in.getInt(start + 5) & 0x7fff_ffff;
        int end = start + Frames.HEADER_BYTES + length;
        in.readerIndex(start + Frames.HEADER_BYTES);
        if (continuing != 0 && (type != Frames.CONTINUATION || stream != continuing)) {
            throw Http2Exception.protocol("http2.header_block_interrupted");
        }
        int writer = in.writerIndex();
        in.writerIndex(end);
        try {
            payload(in, type, flags, stream, length);
        } finally {
            in.writerIndex(writer);
            in.readerIndex(end);
        }
        return true;
    }

    /** The frame's payload is what can be read of the buffer. */
    private void payload(ByteBuf in, int type, int flags, int stream, int length) throws Http2Exception {
        switch (type) {
            case Frames.DATA -> {
                ofStream(stream);
                unpad(in, flags);
                onData(stream, part(in), length, (flags & Frames.END_STREAM) != 0);
            }
            case Frames.HEADERS -> {
                ofStream(stream);
                unpad(in, flags);
                if ((flags & Frames.WITH_PRIORITY) != 0) {
                    if (in.readableBytes() < 5) {
                        throw size("http2.headers_too_short");
                    }
                    onPriority(stream, in.readInt() & 0x7fff_ffff);
                    in.skipBytes(1);
                }
                headers(in, stream, true, flags);
            }
            case Frames.CONTINUATION -> {
                if (continuing == 0) {
                    throw Http2Exception.protocol("http2.continuation_of_nothing");
                }
                headers(in, stream, false, flags);
            }
            case Frames.PRIORITY -> {
                ofStream(stream);
                if (length != 5) {
                    throw size("http2.priority_size");
                }
                onPriority(stream, in.readInt() & 0x7fff_ffff);
            }
            case Frames.RST_STREAM -> {
                ofStream(stream);
                if (length != 4) {
                    throw size("http2.rst_stream_size");
                }
                onReset(stream, Http2Error.of(in.readUnsignedInt()));
            }
            case Frames.SETTINGS -> settings(in, flags, stream, length);
            case Frames.PING -> {
                ofConnection(stream);
                if (length != 8) {
                    throw size("http2.ping_size");
                }
                onPing((flags & Frames.ACK) != 0, in.readLong());
            }
            case Frames.GOAWAY -> {
                ofConnection(stream);
                if (length < 8) {
                    throw size("http2.goaway_size");
                }
                onGoAway(in.readInt() & 0x7fff_ffff, Http2Error.of(in.readUnsignedInt()));
            }
            case Frames.WINDOW_UPDATE -> {
                if (length != 4) {
                    throw size("http2.window_update_size");
                }
                onWindowUpdate(stream, in.readInt() & 0x7fff_ffff);
            }
            case Frames.PUSH_PROMISE -> throw Http2Exception.protocol("http2.push_promise");
            default -> {} // frames that nobody knows are ignored (RFC 9113 4.1)
        }
    }

    private void headers(ByteBuf in, int stream, boolean first, int flags) throws Http2Exception {
        boolean endHeaders = (flags & Frames.END_HEADERS) != 0;
        continuing = endHeaders ? 0 : stream;
        onHeaders(stream, in, first, first && (flags & Frames.END_STREAM) != 0, endHeaders);
    }

    private void settings(ByteBuf in, int flags, int stream, int length) throws Http2Exception {
        ofConnection(stream);
        if ((flags & Frames.ACK) != 0) {
            if (length != 0) {
                throw size("http2.settings_ack_size");
            }
            onSettingsAck();
            return;
        }
        if (length % 6 != 0) {
            throw size("http2.settings_size");
        }
        while (in.isReadable()) {
            onSetting(in.readUnsignedShort(), in.readUnsignedInt());
        }
        onSettings();
    }

    private static void unpad(ByteBuf in, int flags) throws Http2Exception {
        if ((flags & Frames.PADDED) == 0) {
            return;
        }
        if (!in.isReadable()) {
            throw size("http2.padding_missing");
        }
        int padding = in.readUnsignedByte();
        if (padding > in.readableBytes()) {
            throw Http2Exception.protocol("http2.padding_too_long");
        }
        in.writerIndex(in.writerIndex() - padding);
    }

    private static ByteBuf part(ByteBuf in) {
        int length = in.readableBytes();
        return length * COPY_BELOW_SHARE < in.capacity()
                ? in.alloc().buffer(length).writeBytes(in)
                : in.readRetainedSlice(length);
    }

    private static void ofStream(int stream) throws Http2Exception {
        if (stream == 0) {
            throw Http2Exception.protocol("http2.frame_without_stream");
        }
    }

    private static void ofConnection(int stream) throws Http2Exception {
        if (stream != 0) {
            throw Http2Exception.protocol("http2.connection_frame_on_stream");
        }
    }

    private static Http2Exception size(String detail) {
        return new Http2Exception(Http2Error.FRAME_SIZE_ERROR, detail);
    }
}
