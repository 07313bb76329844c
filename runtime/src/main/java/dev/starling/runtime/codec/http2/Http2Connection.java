package dev.starling.runtime.codec.http2;

import dev.starling.config.http.Http2Options.Setting;
import dev.starling.runtime.codec.Output;
import dev.starling.runtime.codec.hpack.HeaderBlock;
import dev.starling.runtime.codec.hpack.HpackEncoder;
import dev.starling.runtime.loop.Loop;
import dev.starling.runtime.message.Headers;
import dev.starling.runtime.message.StreamReset;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.collection.IntObjectHashMap;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One HTTP/2 connection, of either side: settings, windows, header blocks, the table of streams. What is held for slow
 * readers is bounded by the streams' windows and by {@link ReceiveWindow}; what waits to be sent, by
 * {@link Http2Settings#streamBufferLimit} for each stream. Confined to the loop.
 */
public abstract class Http2Connection extends ChannelInboundHandlerAdapter {

    private final Http2Settings settings;
    private final Loop loop;
    private final Channel channel;
    private final Http2Stats stats;
    private final Output output;
    private final FloodGuard guard;
    private final FrameWriter writer;
    private final Reader reader = new Reader();
    private final BlockAssembly assembly;
    private final HpackEncoder encoder;
    private final IntObjectHashMap<Http2Stream> streams = new IntObjectHashMap<>();
    private final RecentResets resets = new RecentResets();
    private final SendQueue sendQueue = new SendQueue();
    private final ReceiveWindow receiveWindow;
    private @Nullable Keepalive keepalive;

    private int peerStreamWindow = Frames.DEFAULT_WINDOW_BYTES;
    private boolean settingsSeen;
    private long heardNanos;
    private boolean over;
    private boolean endedWithStreams;

    protected Http2Connection(Loop loop, Channel channel, Http2Settings settings, Http2Stats stats) {
        this.loop = loop;
        this.channel = channel;
        this.settings = settings;
        this.stats = stats;
        this.output = new Output(loop, channel);
        this.guard = new FloodGuard(settings.options().floodLimits(), settings.server(), stats, loop.stats());
        this.writer = new FrameWriter(loop, output, guard);
        this.assembly = new BlockAssembly(settings);
        this.encoder = new HpackEncoder(settings.options().headerTableBytes());
        this.receiveWindow = new ReceiveWindow(settings.connectionWindow(), settings.heldLimit());
        this.heardNanos = loop.nanoTime();
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

    /** The peer has not answered a PING in time; the streams have been told. The connection is to be closed. */
    protected abstract void onKeepaliveLost();

    /** A header block has begun and goes on in another frame. */
    protected void onBlockBegun(int stream) {}

    /** The last frame of such a block has come. */
    protected void onBlockEnded() {}

    /** One of the peer's settings, as far as a side has to know. */
    protected void onPeerSetting(int id, long value) {}

    /** All settings of a frame have been told. */
    protected void onPeerSettings() {}

    /** What a peer means with the code of a RST_STREAM. */
    protected StreamReset meaning(Http2Error error) {
        return error == Http2Error.REFUSED_STREAM ? StreamReset.REMOTE_REFUSED_STREAM : StreamReset.REMOTE_RESET;
    }

    protected final Loop loop() {
        return loop;
    }

    protected final Channel channel() {
        return channel;
    }

    protected final Output output() {
        return output;
    }

    protected final Http2Settings settings() {
        return settings;
    }

    protected final Http2Stats codecStats() {
        return stats;
    }

    /** Says what we allow, and opens the connection's window. The first that is written after any preface. */
    protected final void open() {
        List<Setting> ours = settings.settings();
        writer.settings(ours);
        int more = receiveWindow.opening();
        if (more > 0) {
            writer.windowUpdate(0, more);
        }
        settings.options().keepalive().ifPresent(config -> {
            keepalive = new Keepalive(loop, config, () -> writer.ping(false, heardNanos), this::unanswered);
            keepalive.start();
        });
    }

    /** A stream was opened by either side. */
    protected final void add(Http2Stream stream) {
        guard.streamOpened();
        stats.streamsActive.add(loop.stats(), 1);
        stream.sendWindow = peerStreamWindow;
        stream.receiveWindow = settings.streamWindow();
        streams.put(stream.id(), stream);
        if (keepalive != null) {
            keepalive.beforeStream(loop.nanoTime() - heardNanos);
        }
    }

    protected final @Nullable Http2Stream stream(int id) {
        return streams.get(id);
    }

    public final int streams() {
        return streams.size();
    }

    protected final void goAway(int lastStream, Http2Error error) {
        stats.goawaySent.inc(loop.stats());
        writer.goAway(lastStream, error);
    }

    /** Refuses a stream that the peer opened and that is not taken into the table. */
    protected final void refuse(int stream, Http2Error error) {
        guard.streamOpened();
        writeReset(stream, error);
    }

    /** The peer has sent all of the stream. */
    protected final void remoteEnd(Http2Stream stream) {
        stream.remoteEnded = true;
        ended(stream);
    }

    /**
     * Whether what comes on a stream that is over is dropped: if we have reset it, and for all streams that we have opened,
     * because their connection is not for one exchange to end.
     */
    private boolean dropped(int stream) {
        return settings.server() ? resets.contains(stream) : opened(stream);
    }

    /** What comes on a stream that is over: dropped, or the connection's end. */
    protected final void late(int stream) throws Http2Exception {
        if (!dropped(stream)) {
            throw new Http2Exception(Http2Error.STREAM_CLOSED, "http2.frame_on_closed_stream");
        }
    }

    /** The peer broke the protocol on one stream (RFC 9113 5.4.2). */
    protected final void streamError(Http2Stream stream, Http2Error error, String detail) throws Http2Exception {
        streamError(stream, error, StreamReset.PROTOCOL_ERROR, detail);
    }

    /** @param reason as whose word the stream's owner takes it */
    protected final void streamError(Http2Stream stream, Http2Error error, StreamReset reason, String detail)
            throws Http2Exception {
        resetStream(stream, error);
        stream.onReset(reason, detail);
        guard.streamLost();
    }

    /** Nothing more is read or written; every stream is told. */
    protected final void end(StreamReset reason, String detail) {
        if (over) {
            return;
        }
        over = true;
        if (keepalive != null) {
            keepalive.cancel();
        }
        endedWithStreams = !streams.isEmpty();
        for (Http2Stream stream : allStreams()) {
            close(stream);
            stream.onReset(reason, detail);
        }
        reader.release();
    }

    /** The streams there are now. */
    protected final List<Http2Stream> allStreams() {
        return new ArrayList<>(streams.values());
    }

    /** The peer is not going to work on the stream, which it has not to be told. */
    protected final void drop(Http2Stream stream, StreamReset reason) {
        close(stream);
        stream.onReset(reason, "");
    }

    protected final boolean over() {
        return over;
    }

    /** Whether there were streams when the connection was over. */
    protected final boolean endedWithStreams() {
        return endedWithStreams;
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

    // ---- for streams ----------------------------------------------------------------------------------------------

    FrameWriter writer() {
        return writer;
    }

    HpackEncoder encoder() {
        return encoder;
    }

    int sendRoom() {
        return sendQueue.room();
    }

    /** A frame of data was written. */
    void spend(int bytes) {
        sendQueue.spend(bytes);
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

    /** The stream waits for the connection's window or for the socket. */
    void list(Http2Stream stream) {
        sendQueue.add(stream);
    }

    /** Bytes of a stream have gone where they should, or are not to be waited for any more. */
    void unhold(int bytes) {
        receiveWindow.release(bytes);
        refillWindow();
    }

    private void refillWindow() {
        int more = receiveWindow.refill();
        if (more > 0 && !over) {
            writer.windowUpdate(0, more);
        }
    }

    void sendTrailers(int stream, Headers trailers) {
        byte[] bytes = writer.block(
                HpackEncoder.FIELD_OVERHEAD + trailers.size() * HpackEncoder.FIELD_OVERHEAD + trailers.encodedBound());
        int at = encoder.begin(bytes, writer.blockStart());
        at = trailers.encode(encoder, bytes, at);
        writer.headers(stream, bytes, at, true);
    }

    /** A half of the stream has ended. */
    void ended(Http2Stream stream) {
        if (stream.localEnded && stream.remoteEnded) {
            close(stream);
        }
    }

    void resetStream(Http2Stream stream, Http2Error error) {
        if (!stream.closed) {
            writeReset(stream.id(), error);
            close(stream);
        }
    }

    private void writeReset(int stream, Http2Error error) {
        stats.txReset.inc(loop.stats());
        resets.add(stream);
        writer.reset(stream, error);
    }

    private void close(Http2Stream stream) {
        if (!stream.closed) {
            stats.streamsActive.add(loop.stats(), -1);
            stream.release();
            streams.remove(stream.id());
            onStreamClosed(stream);
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
        heardNanos = loop.nanoTime();
        try {
            reader.feed(bytes, context.alloc());
            guard.sent(output.bytesSent());
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
        String detail = String.valueOf(error.getMessage());
        goAway(lastPeerStream(), error.error());
        end(StreamReset.PROTOCOL_ERROR, detail);
        onConnectionError(error.error(), detail);
    }

    private void unanswered() {
        stats.keepaliveTimeout.inc(loop.stats());
        end(StreamReset.CONNECTION_TERMINATION, "http2_ping_timeout");
        onKeepaliveLost();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        sendQueue.resume(this);
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
                receiveWindow.receive(flowBytes);
                Http2Stream stream = known(id);
                guard.data(bytes.readableBytes(), end);
                if (stream != null) {
                    data(stream, bytes, flowBytes, end);
                }
                refillWindow();
            } finally {
                bytes.release();
            }
        }

        private void data(Http2Stream stream, ByteBuf bytes, int flowBytes, boolean end) throws Http2Exception {
            if (stream.remoteEnded) {
                streamError(stream, Http2Error.STREAM_CLOSED, "http2.data_after_end");
                return;
            }
            if (!stream.receive(flowBytes, bytes.readableBytes())) {
                streamError(stream, Http2Error.FLOW_CONTROL_ERROR, "http2.window_exceeded");
                return;
            }
            receiveWindow.hold(bytes.readableBytes());
            stream.remoteEnded = end;
            stream.onData(bytes.retain(), end);
            if (end) {
                ended(stream);
            }
        }

        /** The stream, null if its frames are to be dropped; the peer may not use those that are over, or not yet there. */
        private @Nullable Http2Stream known(int id) throws Http2Exception {
            Http2Stream stream = streams.get(id);
            if (stream == null && !dropped(id)) {
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
                assembly.begin(endStream);
                if (!endHeaders) {
                    onBlockBegun(id);
                }
            } else if (endHeaders) {
                onBlockEnded();
            }
            guard.headers(fragment.readableBytes(), endStream || endHeaders);
            assembly.add(fragment);
            if (endHeaders) {
                Http2Connection.this.onHeaders(id, assembly.decode(), assembly.endStream());
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
            stats.rxReset.inc(loop.stats());
            close(stream);
            stream.onReset(meaning(error), detail(error));
            guard.streamLost();
        }

        /** What the log says; nothing of a peer that changed its mind without blame. */
        private static String detail(Http2Error error) {
            return switch (error) {
                case NO_ERROR -> "";
                case REFUSED_STREAM -> "http2.remote_refuse";
                default -> "http2.remote_reset";
            };
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
            onPeerSetting(id, value);
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
        void onSettings() {
            settingsSeen = true;
            writer.settingsAck();
            for (Http2Stream stream : allStreams()) {
                stream.sendWaiting(); // its window may have grown
            }
            onPeerSettings();
        }

        @Override
        void onSettingsAck() throws Http2Exception {
            begun();
            assembly.settingsAcknowledged();
        }

        @Override
        void onPing(boolean ack, long data) throws Http2Exception {
            begun();
            if (!ack) {
                writer.ping(true, data);
            } else if (keepalive != null) {
                keepalive.answered();
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
                sendQueue.open(increment);
                sendQueue.resume(Http2Connection.this);
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
}
