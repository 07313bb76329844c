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
    private final ReceivedFrames reader;
    private final HpackEncoder encoder;
    private final IntObjectHashMap<Http2Stream> streams = new IntObjectHashMap<>();
    private final RecentResets resets = new RecentResets();
    private final SendQueue sendQueue = new SendQueue();
    private final ReceiveWindow receiveWindow;
    private @Nullable Keepalive keepalive;

    private long heardNanos;
    private boolean over;
    private boolean endedWithStreams;

    @SuppressWarnings("this-escape") // the reader keeps it, and calls it with the first bytes
    protected Http2Connection(Loop loop, Channel channel, Http2Settings settings, Http2Stats stats) {
        this.loop = loop;
        this.channel = channel;
        this.settings = settings;
        this.stats = stats;
        this.output = new Output(loop, channel);
        this.guard = new FloodGuard(settings.options().floodLimits(), settings.server(), stats, loop.stats());
        this.writer = new FrameWriter(loop, output, guard);
        this.encoder = new HpackEncoder(settings.options().headerTableBytes());
        this.receiveWindow = new ReceiveWindow(settings.connectionWindow(), settings.heldLimit());
        this.reader = new ReceivedFrames(this, guard, new BlockAssembly(settings), receiveWindow, sendQueue);
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

    /** When the peer was last heard. */
    public final long heardNanos() {
        return heardNanos;
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
        stream.sendWindow = reader.streamWindow();
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
        guard.streamClosed(error != Http2Error.REFUSED_STREAM);
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
    boolean dropped(int stream) {
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
        guard.checkResets();
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

    void refillWindow() {
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

    void close(Http2Stream stream) {
        if (!stream.closed) {
            stats.streamsActive.add(loop.stats(), -1);
            stream.release();
            streams.remove(stream.id());
            guard.streamClosed(stream.premature());
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
            guard.checkResets();
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

    void pingAnswered() {
        if (keepalive != null) {
            keepalive.answered();
        }
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
}
