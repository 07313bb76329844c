package dev.starling.runtime.codec.http2;

import dev.starling.runtime.codec.Output;
import dev.starling.runtime.codec.hpack.HeaderBlock;
import dev.starling.runtime.codec.hpack.HpackDecoder;
import dev.starling.runtime.codec.hpack.HpackEncoder;
import dev.starling.runtime.codec.hpack.HpackException;
import dev.starling.runtime.loop.Loop;
import dev.starling.runtime.message.Headers;
import dev.starling.runtime.message.StreamReset;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.collection.IntObjectHashMap;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * One HTTP/2 connection, of either side: settings, windows, header blocks, the table of streams. The connection's receive
 * window is refilled as data comes, so that one stalled stream holds up no other; what is held is then bounded by the
 * streams' windows times the streams allowed. Confined to the loop.
 */
public abstract class Http2Connection extends ChannelInboundHandlerAdapter {

    /** Streams we have reset whose frames may still be on the way and are dropped. */
    private static final int REMEMBERED_RESETS = 128;

    /** Frames that one header block may come in. */
    private static final int MAX_BLOCK_FRAMES = 64;

    private final Http2Settings settings;
    private final Loop loop;
    private final Channel channel;
    private final Output output;
    private final FrameWriter writer;
    private final Reader reader = new Reader();
    private final FloodGuard guard;
    private final HpackDecoder decoder = new HpackDecoder(Http2Settings.HEADER_TABLE_BYTES);
    private final HpackEncoder encoder = new HpackEncoder();
    private final HeaderBlock block;
    private final IntObjectHashMap<Http2Stream> streams = new IntObjectHashMap<>();
    private final ArrayDeque<Http2Stream> waiting = new ArrayDeque<>();
    private final int[] resets = new int[REMEMBERED_RESETS];
    private int resetCount;

    private int sendWindow = Frames.DEFAULT_WINDOW_BYTES;
    private int peerStreamWindow = Frames.DEFAULT_WINDOW_BYTES;
    private int receiveWindow = Frames.DEFAULT_WINDOW_BYTES;
    private boolean settingsSeen;
    private boolean over;

    private byte[] fragments = new byte[1024];
    private int fragmentBytes;
    private int blockFrames;
    private boolean blockEndsStream;

    protected Http2Connection(Loop loop, Channel channel, Http2Settings settings) {
        this.loop = loop;
        this.channel = channel;
        this.settings = settings;
        this.output = new Output(loop, channel);
        this.writer = new FrameWriter(loop, output);
        this.guard = new FloodGuard(settings.floodLimits());
        this.block = new HeaderBlock(settings.maxHeaderBytes(), settings.maxHeadersCount());
    }

    // ---- for the two sides ----------------------------------------------------------------------------------------

    /** A whole header block has come; it is to be used before this returns. */
    protected abstract void onHeaders(int stream, HeaderBlock headers, boolean endStream) throws Http2Exception;

    /** Whether the stream was ever opened. */
    protected abstract boolean opened(int stream);

    /** The peer says that streams above the number will not be worked on. */
    protected abstract void onGoAway(int lastStream, Http2Error error);

    /** The last stream we have taken from the peer. */
    protected abstract int lastPeerStream();

    /** A stream is no more. */
    protected abstract void onStreamClosed(Http2Stream stream);

    /** The peer broke the protocol, or floods; a GOAWAY has been written, and the streams have been told. */
    protected abstract void onConnectionError(Http2Error error, String detail);

    protected final Loop loop() {
        return loop;
    }

    protected final Channel channel() {
        return channel;
    }

    protected final Output output() {
        return output;
    }

    protected final FloodGuard guard() {
        return guard;
    }

    /** Says what we allow, and opens the connection's window. The first that is written after any preface. */
    protected final void open() {
        writer.settings(settings.idsAndValues());
        int more = settings.connectionWindow() - Frames.DEFAULT_WINDOW_BYTES;
        if (more > 0) {
            writer.windowUpdate(0, more);
            receiveWindow += more;
        }
    }

    protected final void add(Http2Stream stream) {
        stream.sendWindow = peerStreamWindow;
        stream.receiveWindow = settings.streamWindow();
        streams.put(stream.id(), stream);
    }

    protected final @Nullable Http2Stream stream(int id) {
        return streams.get(id);
    }

    protected final int streams() {
        return streams.size();
    }

    protected final void goAway(int lastStream, Http2Error error) {
        writer.goAway(lastStream, error);
    }

    /** Refuses a stream that is not in the table. */
    protected final void refuse(int stream, Http2Error error) throws Http2Exception {
        rememberReset(stream);
        guard.resetSent();
        writer.reset(stream, error);
    }

    /** The peer has sent all of the stream. */
    protected final void remoteEnd(Http2Stream stream) {
        stream.remoteEnded = true;
        ended(stream);
    }

    /** What comes on a stream that is over: dropped if we have reset it, else the connection's end. */
    protected final void late(int stream) throws Http2Exception {
        if (!wasReset(stream)) {
            throw new Http2Exception(Http2Error.STREAM_CLOSED, "http2.frame_on_closed_stream");
        }
    }

    /** Nothing more is read or written; every stream is told. */
    protected final void end(StreamReset reason, String detail) {
        if (over) {
            return;
        }
        over = true;
        for (Http2Stream stream : new ArrayList<>(streams.values())) {
            close(stream);
            stream.onReset(reason, detail);
        }
        reader.release();
    }

    protected final boolean over() {
        return over;
    }

    // ---- for streams ----------------------------------------------------------------------------------------------

    FrameWriter writer() {
        return writer;
    }

    int sendWindow() {
        return sendWindow;
    }

    /** A frame of data was written. */
    void spend(int bytes) {
        sendWindow -= bytes;
        guard.dataSent();
    }

    int streamWindow() {
        return settings.streamWindow();
    }

    int streamBufferLimit() {
        return settings.streamBufferLimit();
    }

    boolean socketWritable() {
        return channel.isWritable();
    }

    /** The stream has something that waits for a window or for the socket. */
    void list(Http2Stream stream) {
        stream.listed = true;
        waiting.add(stream);
    }

    void sendHeaders(int stream, Headers headers, boolean endStream) {
        byte[] bytes = writer.block(
                HpackEncoder.FIELD_OVERHEAD + headers.size() * HpackEncoder.FIELD_OVERHEAD + headers.encodedBound());
        int at = encoder.begin(bytes, writer.blockStart());
        at = headers.encode(encoder, bytes, at);
        writer.headers(stream, bytes, at, endStream);
    }

    /** The head of a response. */
    protected final void sendResponse(int stream, int status, Headers headers, boolean endStream) {
        byte[] bytes = writer.block(2 * HpackEncoder.FIELD_OVERHEAD
                + headers.size() * HpackEncoder.FIELD_OVERHEAD
                + headers.encodedBound());
        int at = encoder.status(bytes, encoder.begin(bytes, writer.blockStart()), status);
        at = headers.encode(encoder, bytes, at);
        writer.headers(stream, bytes, at, endStream);
    }

    /** A half of the stream has ended. */
    void ended(Http2Stream stream) {
        if (stream.localEnded && stream.remoteEnded) {
            close(stream);
        }
    }

    void resetStream(Http2Stream stream, Http2Error error) {
        if (stream.closed) {
            return;
        }
        writer.reset(stream.id(), error);
        rememberReset(stream.id());
        close(stream);
    }

    private void close(Http2Stream stream) {
        if (!stream.closed) {
            stream.release();
            streams.remove(stream.id());
            onStreamClosed(stream);
        }
    }

    private void rememberReset(int stream) {
        resets[resetCount++ % REMEMBERED_RESETS] = stream;
    }

    private boolean wasReset(int stream) {
        for (int reset : resets) {
            if (reset == stream) {
                return true;
            }
        }
        return false;
    }

    /** Lets streams that wait send, a frame each in turn, while there is room. */
    private void resume() {
        for (int left = waiting.size(); left > 0 && sendWindow > 0 && channel.isWritable(); ) {
            Http2Stream stream = waiting.remove();
            stream.listed = false;
            int before = sendWindow;
            stream.sendWaiting();
            if (stream.listed && sendWindow == before) {
                left--; // its own window is closed
            } else {
                left = waiting.size();
            }
        }
    }

    // ---- from the socket ------------------------------------------------------------------------------------------

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ByteBuf bytes = (ByteBuf) message;
        onBytes(bytes.readableBytes());
        if (over) {
            bytes.release();
            return;
        }
        try {
            reader.feed(bytes, context.alloc());
            guard.turn(output.unsentBytes() == 0);
        } catch (Http2Exception error) {
            fail(error);
        }
    }

    /** Bytes were read. */
    protected abstract void onBytes(int read);

    /** Ends the connection for the peer's fault. */
    protected final void fail(Http2Exception error) {
        if (over) {
            return;
        }
        writer.goAway(lastPeerStream(), error.error());
        end(StreamReset.PROTOCOL_ERROR, String.valueOf(error.getMessage()));
        onConnectionError(error.error(), String.valueOf(error.getMessage()));
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        resume();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        channel.close();
    }

    /** What frames mean for the connection and its streams. */
    private final class Reader extends FrameReader {

        @Override
        boolean wantsMore() {
            return !over;
        }

        @Override
        void onData(int id, ByteBuf bytes, int flowBytes, boolean end) throws Http2Exception {
            try {
                receive(flowBytes);
                Http2Stream stream = known(id);
                guard.data(bytes.readableBytes(), end);
                if (stream == null) {
                    return;
                }
                if (stream.remoteEnded) {
                    streamError(stream, Http2Error.STREAM_CLOSED, "http2.data_after_end");
                    return;
                }
                stream.receiveWindow -= flowBytes;
                if (stream.receiveWindow < 0) {
                    streamError(stream, Http2Error.FLOW_CONTROL_ERROR, "http2.window_exceeded");
                    return;
                }
                int padding = flowBytes - bytes.readableBytes();
                if (padding > 0) {
                    stream.giveBack(padding);
                }
                stream.remoteEnded = end;
                stream.onData(bytes.retain(), end);
                if (end) {
                    ended(stream);
                }
            } finally {
                bytes.release();
            }
        }

        private void receive(int bytes) throws Http2Exception {
            receiveWindow -= bytes;
            if (receiveWindow < 0) {
                throw new Http2Exception(Http2Error.FLOW_CONTROL_ERROR, "http2.connection_window_exceeded");
            }
            int spent = settings.connectionWindow() - receiveWindow;
            if (spent >= settings.connectionWindow() / 2) {
                receiveWindow += spent;
                writer.windowUpdate(0, spent);
            }
        }

        /** The stream, null if its frames are to be dropped; the peer may not use those that are over, or not yet there. */
        private @Nullable Http2Stream known(int id) throws Http2Exception {
            Http2Stream stream = streams.get(id);
            if (stream == null && !wasReset(id)) {
                throw opened(id)
                        ? new Http2Exception(Http2Error.STREAM_CLOSED, "http2.frame_on_closed_stream")
                        : Http2Exception.protocol("http2.frame_on_idle_stream");
            }
            return stream;
        }

        @Override
        void onHeaders(int id, ByteBuf fragment, boolean first, boolean endStream, boolean endHeaders)
                throws Http2Exception {
            begun();
            if (first) {
                fragmentBytes = 0;
                blockFrames = 0;
                blockEndsStream = endStream;
            }
            int length = fragment.readableBytes();
            blockFrames++;
            guard.headers(length, endStream || endHeaders);
            if (blockFrames > MAX_BLOCK_FRAMES || fragmentBytes + length > settings.maxBlockBytes()) {
                throw new Http2Exception(Http2Error.ENHANCE_YOUR_CALM, "http2.header_block_too_large");
            }
            if (fragments.length < fragmentBytes + length) {
                fragments = Arrays.copyOf(fragments, Math.max(fragmentBytes + length, fragments.length * 2));
            }
            fragment.readBytes(fragments, fragmentBytes, length);
            fragmentBytes += length;
            if (endHeaders) {
                try {
                    decoder.decode(fragments, 0, fragmentBytes, block);
                } catch (HpackException broken) {
                    throw new Http2Exception(Http2Error.COMPRESSION_ERROR, "http2.header_compression");
                }
                Http2Connection.this.onHeaders(id, block, blockEndsStream);
            }
        }

        @Override
        void onPriority(int id, int dependency) throws Http2Exception {
            begun();
            guard.priority(streams.size());
            if (dependency == id) {
                Http2Stream stream = streams.get(id);
                if (stream == null) {
                    throw Http2Exception.protocol("http2.depends_on_itself");
                }
                streamError(stream, Http2Error.PROTOCOL_ERROR, "http2.depends_on_itself");
            }
        }

        @Override
        void onReset(int id, Http2Error error) throws Http2Exception {
            begun();
            Http2Stream stream = streams.get(id);
            if (stream == null) {
                if (!opened(id)) {
                    throw Http2Exception.protocol("http2.frame_on_idle_stream");
                }
                return;
            }
            close(stream);
            stream.onReset(
                    error == Http2Error.REFUSED_STREAM ? StreamReset.REMOTE_REFUSED_STREAM : StreamReset.REMOTE_RESET,
                    "http2.remote_reset");
            guard.streamLost();
        }

        @Override
        void onSetting(int id, long value) throws Http2Exception {
            settingsSeen = true;
            switch (id) {
                case Frames.SETTINGS_HEADER_TABLE_SIZE -> encoder.tableBytes(value);
                case Frames.SETTINGS_ENABLE_PUSH, Frames.SETTINGS_ENABLE_CONNECT_PROTOCOL -> {
                    if (value > 1) {
                        throw Http2Exception.protocol("http2.invalid_setting");
                    }
                }
                case Frames.SETTINGS_INITIAL_WINDOW_SIZE -> {
                    if (value > Integer.MAX_VALUE) {
                        throw new Http2Exception(Http2Error.FLOW_CONTROL_ERROR, "http2.invalid_setting");
                    }
                    resizeStreamWindows((int) value);
                }
                case Frames.SETTINGS_MAX_FRAME_SIZE -> {
                    if (value < Frames.MAX_FRAME_BYTES || value > 0xff_ffff) {
                        throw Http2Exception.protocol("http2.invalid_setting");
                    }
                }
                default -> {} // what nobody knows is ignored; the peer's header limit is advice
            }
        }

        private void resizeStreamWindows(int size) throws Http2Exception {
            int change = size - peerStreamWindow;
            peerStreamWindow = size;
            for (Http2Stream stream : streams.values()) {
                if ((long) stream.sendWindow + change > Integer.MAX_VALUE) {
                    throw new Http2Exception(Http2Error.FLOW_CONTROL_ERROR, "http2.window_overflow");
                }
                stream.sendWindow += change;
            }
        }

        @Override
        void onSettings() throws Http2Exception {
            settingsSeen = true;
            guard.controlSent();
            writer.settingsAck();
            resume();
        }

        @Override
        void onSettingsAck() throws Http2Exception {
            begun();
        }

        @Override
        void onPing(boolean ack, long data) throws Http2Exception {
            begun();
            if (!ack) {
                guard.controlSent();
                writer.ping(true, data);
            }
        }

        @Override
        void onGoAway(int lastStream, Http2Error error) throws Http2Exception {
            begun();
            Http2Connection.this.onGoAway(lastStream, error);
        }

        @Override
        void onWindowUpdate(int id, int increment) throws Http2Exception {
            begun();
            guard.windowUpdate();
            if (id == 0) {
                if (increment == 0) {
                    throw Http2Exception.protocol("http2.window_update_of_nothing");
                }
                if ((long) sendWindow + increment > Integer.MAX_VALUE) {
                    throw new Http2Exception(Http2Error.FLOW_CONTROL_ERROR, "http2.window_overflow");
                }
                sendWindow += increment;
                resume();
                return;
            }
            Http2Stream stream = streams.get(id);
            if (stream == null) {
                if (!opened(id)) {
                    throw Http2Exception.protocol("http2.frame_on_idle_stream");
                }
                return; // may come late
            }
            if (increment == 0) {
                streamError(stream, Http2Error.PROTOCOL_ERROR, "http2.window_update_of_nothing");
            } else if ((long) stream.sendWindow + increment > Integer.MAX_VALUE) {
                streamError(stream, Http2Error.FLOW_CONTROL_ERROR, "http2.window_overflow");
            } else {
                stream.sendWindow += increment;
                stream.sendWaiting();
            }
        }

        /** The first frame must be SETTINGS (RFC 9113 3.4). */
        private void begun() throws Http2Exception {
            if (!settingsSeen) {
                throw Http2Exception.protocol("http2.settings_missing");
            }
        }
    }

    /** The peer broke the protocol on one stream (RFC 9113 5.4.2). */
    protected final void streamError(Http2Stream stream, Http2Error error, String detail) throws Http2Exception {
        guard.resetSent();
        resetStream(stream, error);
        stream.onReset(StreamReset.PROTOCOL_ERROR, detail);
        guard.streamLost();
    }
}
