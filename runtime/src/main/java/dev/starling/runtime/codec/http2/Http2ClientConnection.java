package dev.starling.runtime.codec.http2;

import dev.starling.config.cluster.UpstreamHttp;
import dev.starling.lb.Endpoint;
import dev.starling.runtime.codec.ClientConnection;
import dev.starling.runtime.codec.hpack.HeaderBlock;
import dev.starling.runtime.loop.Loop;
import dev.starling.runtime.message.RequestHead;
import dev.starling.runtime.message.StreamReset;
import dev.starling.runtime.message.UpstreamStream;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** An HTTP/2 connection to an endpoint and the streams on it (docs/decisions/0015-upstream-http2.md). Confined to the loop. */
public final class Http2ClientConnection extends Http2Connection implements ClientConnection {

    private static final byte[] PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    /** Streams that are opened before the peer has said how many it allows. */
    private static final int STREAMS_BEFORE_SETTINGS = 100;

    private final Endpoint endpoint;
    private final Owner owner;
    private final MessageFields fields = new MessageFields();
    private final RequestFields requestFields = new RequestFields(encoder());

    /** Streams whose heads have not been written, which have no number yet. */
    private final List<Http2ClientStream> unopened = new ArrayList<>(1);

    private final int maxStreams;
    private final boolean streamErrors;
    private int peerMaxStreams = Integer.MAX_VALUE;
    private int allowed;
    private boolean settled;
    private int nextStream = 1;
    private boolean goneAway;
    private boolean closedByUs;
    private boolean lostWithStreams;

    public Http2ClientConnection(
            Loop loop,
            Channel channel,
            Endpoint endpoint,
            UpstreamHttp options,
            int bufferLimit,
            Http2Stats stats,
            Owner owner) {
        super(
                loop,
                channel,
                Http2Settings.of(
                        options.http2(),
                        bufferLimit,
                        options.maxResponseHeaders(true).clampedToInt(),
                        options.maxHeadersCount(),
                        false),
                stats);
        this.endpoint = endpoint;
        this.owner = owner;
        this.maxStreams = options.http2().maxConcurrentStreams();
        this.streamErrors = options.http2().streamErrorOnInvalidMessage();
        this.allowed = Math.min(maxStreams, STREAMS_BEFORE_SETTINGS);
        output().bytes(PREFACE, 0, PREFACE.length);
        open();
    }

    // ---- as its pool sees it --------------------------------------------------------------------------------------

    @Override
    public UpstreamStream start(UpstreamStream.Receiver receiver) {
        Http2ClientStream stream = new Http2ClientStream(this, receiver);
        unopened.add(stream);
        return stream;
    }

    @Override
    public int room() {
        return goneAway || over() || !channel().isActive()
                ? 0
                : Math.min(allowed - openStreams(), numbersLeft() - unopened.size());
    }

    private int numbersLeft() {
        return (Integer.MAX_VALUE - nextStream) / 2;
    }

    @Override
    public int promised() {
        return settled || goneAway || over() ? 0 : maxStreams - allowed;
    }

    @Override
    public int openStreams() {
        return streams() + unopened.size();
    }

    @Override
    public boolean active() {
        return !goneAway && !over() && channel().isActive();
    }

    @Override
    public void close() {
        closedByUs = true;
        output().flushOutput(); // the last of a request may have been written in this turn
        channel().close();
    }

    // ---- for streams ----------------------------------------------------------------------------------------------

    Endpoint endpoint() {
        return endpoint;
    }

    MessageFields fields() {
        return fields;
    }

    /** Gives the stream its number, which is the next, and sends its head. */
    void begin(Http2ClientStream stream, RequestHead head, boolean endStream) {
        unopened.remove(stream);
        stream.number(nextStream);
        nextStream += 2;
        add(stream);
        byte[] bytes = writer().block(RequestFields.bound(head));
        writer().headers(stream.id(), bytes, requestFields.encode(head, bytes, writer().blockStart()), endStream);
    }

    /** Drops a stream whose head was never written. */
    void forget(Http2ClientStream stream) {
        if (unopened.remove(stream)) {
            closed();
        }
    }

    boolean unopened(Http2ClientStream stream) {
        return unopened.contains(stream);
    }

    void wasReset(StreamReset reason) {
        owner.onStreamReset(reason);
    }

    /** A message is not as it should be: its stream's end, or the connection's. */
    void malformed(Http2ClientStream stream, String detail) throws Http2Exception {
        if (!streamErrors) {
            throw Http2Exception.protocol(detail);
        }
        codecStats().rxMessagingError.inc(loop().stats());
        streamError(stream, Http2Error.PROTOCOL_ERROR, detail);
    }

    /** The stream carries what it must not; no matter for others. */
    void wrong(Http2ClientStream stream, String detail) throws Http2Exception {
        streamError(stream, Http2Error.PROTOCOL_ERROR, detail);
    }

    /** The response has more of headers than is allowed. */
    void tooLarge(Http2ClientStream stream) {
        codecStats().headerOverflow.inc(loop().stats());
        stream.reset(Http2Error.INTERNAL_ERROR);
        stream.onReset(StreamReset.REMOTE_RESET, "http2.too_many_headers");
    }

    // ---- from the upstream ----------------------------------------------------------------------------------------

    @Override
    protected void onHeaders(int id, HeaderBlock headers, boolean endStream) throws Http2Exception {
        if (stream(id) instanceof Http2ClientStream stream) {
            stream.onHeaders(headers, endStream);
        } else if (opened(id)) {
            late(id);
        } else {
            throw Http2Exception.protocol("http2.frame_on_idle_stream");
        }
    }

    @Override
    protected boolean opened(int stream) {
        return stream % 2 == 1 && stream < nextStream;
    }

    @Override
    protected int lastPeerStream() {
        return 0;
    }

    @Override
    protected void onPeerSetting(int id, long value) {
        if (id == Frames.SETTINGS_MAX_CONCURRENT_STREAMS) {
            peerMaxStreams = (int) Math.min(value, Integer.MAX_VALUE);
        }
    }

    @Override
    protected void onPeerSettings() {
        int before = allowed;
        allowed = Math.min(maxStreams, peerMaxStreams);
        if (!settled || allowed != before) {
            settled = true;
            owner.onRoom();
        }
    }

    @Override
    protected StreamReset meaning(Http2Error error) {
        return switch (error) {
            case PROTOCOL_ERROR -> StreamReset.PROTOCOL_ERROR;
            case CONNECT_ERROR -> StreamReset.CONNECT_ERROR;
            default -> super.meaning(error);
        };
    }

    /** Streams above the last that the peer has taken go elsewhere; the others may end. */
    @Override
    protected void onGoAway(int lastOfOurs, Http2Error error) {
        if (!goneAway) {
            goneAway = true;
            owner.onCloseNotify();
        }
        for (Http2Stream stream : allStreams()) {
            if (stream.id() > lastOfOurs) {
                drop(stream, StreamReset.REMOTE_REFUSED_STREAM);
            }
        }
        dropUnopened(StreamReset.REMOTE_REFUSED_STREAM);
        owner.onRoom();
    }

    private void dropUnopened(StreamReset reason) {
        for (Http2ClientStream stream : List.copyOf(unopened)) {
            forget(stream);
            stream.onReset(reason, "");
        }
    }

    @Override
    protected void onStreamClosed(Http2Stream stream) {
        closed();
    }

    private void closed() {
        owner.onStreamEnded();
        if (!over()) {
            owner.onRoom();
        }
    }

    @Override
    protected void onBytes(int read) {
        owner.onBytes(read, output().takeWritten());
    }

    @Override
    protected void onConnectionError(Http2Error error, String detail) {
        owner.onProtocolError();
        close();
    }

    @Override
    protected void onKeepaliveLost() {
        lostWithStreams = endedWithStreams();
        close();
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        boolean withActiveRequest = openStreams() > 0 || lostWithStreams;
        end(StreamReset.CONNECTION_TERMINATION, "");
        dropUnopened(StreamReset.CONNECTION_TERMINATION);
        output().release();
        owner.onBytes(0, output().takeWritten());
        owner.onClosed(this, !closedByUs, withActiveRequest);
    }
}
