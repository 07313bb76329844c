package dev.starling.runtime.http;

import dev.starling.config.http.HttpConnectionManager;
import dev.starling.runtime.accesslog.ResponseFlag;
import dev.starling.runtime.codec.hpack.HeaderBlock;
import dev.starling.runtime.codec.http2.Http2Connection;
import dev.starling.runtime.codec.http2.Http2Error;
import dev.starling.runtime.codec.http2.Http2Exception;
import dev.starling.runtime.codec.http2.Http2Settings;
import dev.starling.runtime.codec.http2.Http2Stream;
import dev.starling.runtime.codec.http2.MalformedMessage;
import dev.starling.runtime.codec.http2.MessageFields;
import dev.starling.runtime.codec.http2.Preface;
import dev.starling.runtime.loop.TimerWheel;
import dev.starling.runtime.message.HeaderName;
import dev.starling.runtime.message.Headers;
import dev.starling.runtime.message.Protocol;
import dev.starling.runtime.message.RequestHead;
import dev.starling.runtime.message.ResponseHead;
import dev.starling.runtime.message.StreamReset;
import dev.starling.runtime.network.ConnectionOwner;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import org.jspecify.annotations.Nullable;

/** A client's HTTP/2 connection and the streams on it. Confined to the loop. */
final class Http2ServerConnection extends Http2Connection implements ServerConnection, ConnectionLimits.Limited {

    /** The stream number of a GOAWAY that only announces another (RFC 9113 6.8). */
    private static final int ANY_STREAM = Integer.MAX_VALUE;

    private static final String UNDERSCORE = "http2.unexpected_underscore";

    private final ConnectionManagerLane lane;
    private final ConnectionOwner owner;
    private final HttpConnectionManager config;
    private final ConnectionManagerStats stats;
    private final MessageFields fields;
    private @Nullable Preface preface;
    private final long openedNanos;
    private int lastStream;
    private int requests;
    private long receivedBytes;
    private final ConnectionLimits limits;
    private TimerWheel.@Nullable Timer headTimer;
    private boolean spoken;
    private boolean draining;
    private boolean goneAway;
    private boolean closedByUs;
    /** The connection ends for the fault of a request that is counted as active. */
    private boolean lostRequest;

    private @Nullable DelayedClose delayedClose;

    /** @param preface what the client has still to say; null if it has */
    Http2ServerConnection(
            ConnectionManagerLane lane,
            Channel channel,
            ConnectionOwner owner,
            long openedNanos,
            @Nullable Preface preface) {
        super(lane.loop(), channel, settings(lane), lane.manager().stats().http2);
        this.preface = preface;
        this.lane = lane;
        this.owner = owner;
        this.config = lane.manager().config();
        this.fields = new MessageFields(config.http2().allowConnect());
        this.stats = lane.manager().stats();
        this.openedNanos = openedNanos;
        this.limits = new ConnectionLimits(lane, this, openedNanos);
        limits.start();
        if (preface == null) {
            open();
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (!spoken) {
            spoken = true;
            lane.onSpoken(this);
        }
        Preface expected = preface;
        if (expected == null) {
            super.channelRead(context, message);
            return;
        }
        ByteBuf rest = expected.read((ByteBuf) message);
        if (expected.complete()) {
            preface = null;
            open();
            super.channelRead(context, rest);
        } else if (!expected.undecided()) {
            rest.release();
            open();
            fail(Http2Exception.protocol("http2.invalid_preface"));
        }
    }

    private static Http2Settings settings(ConnectionManagerLane lane) {
        HttpConnectionManager config = lane.manager().config();
        return Http2Settings.of(
                config.http2(),
                lane.bufferLimit(),
                config.limits().requestHeaders().clampedToInt(),
                config.limits().headersCount(),
                true);
    }

    // ---- requests -------------------------------------------------------------------------------------------------

    @Override
    protected void onHeaders(int id, HeaderBlock headers, boolean endStream) throws Http2Exception {
        Http2Stream open = stream(id);
        if (open != null) {
            trailers((Http2ServerStream) open, headers, endStream);
            return;
        }
        if (id % 2 == 0) {
            throw Http2Exception.protocol("http2.stream_of_the_other_side");
        }
        if (id <= lastStream) {
            late(id);
            return;
        }
        lastStream = id;
        if (streams() >= config.http2().maxConcurrentStreams() || goneAway) {
            codecStats().streamRefusedErrors.inc(loop().stats());
            refuse(id, Http2Error.REFUSED_STREAM);
            return;
        }
        String overflow = overflow(headers);
        if (!overflow.isEmpty()) {
            lose(id, overflow);
            return;
        }
        try {
            RequestHead head = fields.request(headers, endStream);
            if (!allowed(head.headers())) {
                lose(id, UNDERSCORE);
                return;
            }
            head.scheme(secure() ? "https" : "http");
            begin(id, head);
        } catch (MalformedMessage malformed) {
            lost(id, ResponseFlag.DPE, malformed.detail());
            lostRequest = !config.http2().streamErrorOnInvalidMessage();
            reportMalformed(malformed.detail());
            refuse(id, Http2Error.PROTOCOL_ERROR);
        }
    }

    /** A request that is over a limit. */
    private void lose(int id, String detail) {
        refuse(id, Http2Error.INTERNAL_ERROR); // as Envoy
        lost(id, ResponseFlag.DR, detail);
    }

    private void lost(int id, ResponseFlag flag, String detail) {
        RequestHead nothing = ConnectionManagerLane.nothing(Protocol.HTTP_2);
        lane.lose(new Http2ServerStream(this, id, nothing), nothing, flag, detail);
    }

    /** Which limit the fields are over; empty for none. */
    private String overflow(HeaderBlock headers) {
        if (headers.tooMany()) {
            codecStats().headerOverflow.inc(loop().stats());
            return "http2.too_many_headers";
        }
        if (headers.tooLarge()) {
            codecStats().headerListSizeTooLarge.inc(loop().stats());
            return "http2.header_list_size_too_large";
        }
        return "";
    }

    private boolean allowed(Headers headers) {
        return UnderscoreNames.allowed(
                headers,
                config.limits().underscores(),
                codecStats().requestsRejectedWithUnderscores,
                codecStats().droppedHeadersWithUnderscores,
                loop().stats());
    }

    /** The rest of a head is not waited for as long as a connection may be idle. */
    @Override
    protected void onBlockBegun(int id) {
        HeadLimit limit = lane.manager().headLimit();
        if (limit != null && id % 2 == 1 && id > lastStream && !goneAway) {
            headTimer = new HeadTimer(id, limit);
            loop().timers().arm(headTimer, limit.nanos());
        }
    }

    @Override
    protected void onBlockEnded() {
        if (headTimer != null) {
            headTimer.cancel();
            headTimer = null;
        }
    }

    /** Ends the connection if a malformed message is not to end its stream alone. */
    private void reportMalformed(String detail) throws Http2Exception {
        codecStats().rxMessagingError.inc(loop().stats());
        if (!config.http2().streamErrorOnInvalidMessage()) {
            throw Http2Exception.protocol(detail);
        }
    }

    private void begin(int id, RequestHead head) {
        requests++;
        Http2ServerStream stream = new Http2ServerStream(this, id, head);
        add(stream);
        if (head.endStream()) {
            remoteEnd(stream);
        }
        int limit = config.limits().requestsPerConnection();
        if (limit > 0 && requests >= limit) {
            stats.cxMaxRequestsReached.inc(loop().stats());
            drain();
        }
        if (!config.proxy100Continue()
                && "100-continue".equalsIgnoreCase(head.headers().get(HeaderName.EXPECT))) {
            head.headers().remove(HeaderName.EXPECT);
            sendResponse(id, 100, new Headers(), false);
            stats.completed(loop().stats(), 100);
        }
        stream.serve(lane.begin(stream, head));
    }

    private void trailers(Http2ServerStream stream, HeaderBlock headers, boolean endStream) throws Http2Exception {
        if (stream.remoteEnded()) {
            streamError(stream, Http2Error.STREAM_CLOSED, "http2.headers_after_end");
            return;
        }
        codecStats().trailers.inc(loop().stats());
        String overflow = overflow(headers);
        if (!overflow.isEmpty()) {
            streamError(stream, Http2Error.INTERNAL_ERROR, StreamReset.REMOTE_RESET, overflow);
            return;
        }
        try {
            Headers trailers = fields.trailers(headers);
            if (!endStream || stream.lacksBody()) {
                throw MalformedMessage.contradiction();
            }
            if (allowed(trailers)) {
                stream.onTrailers(trailers);
                remoteEnd(stream);
            } else {
                streamError(stream, Http2Error.INTERNAL_ERROR, StreamReset.REMOTE_RESET, UNDERSCORE);
            }
        } catch (MalformedMessage malformed) {
            reportMalformed(malformed.detail());
            streamError(stream, Http2Error.PROTOCOL_ERROR, malformed.detail());
        }
    }

    /** The body is not as long as the head has said; whatever is configured, no other stream suffers, as with Envoy. */
    void contradicts(Http2ServerStream stream) {
        stream.reset(Http2Error.PROTOCOL_ERROR);
        stream.onReset(
                StreamReset.PROTOCOL_ERROR, MalformedMessage.contradiction().detail());
    }

    void writeHead(Http2ServerStream stream, ResponseHead head, boolean endStream) {
        if (head.informational() && !channel().isWritable()) {
            return; // such heads are bounded by nothing else, and a client that does not read can do without
        }
        if (!draining && owner.drainClose()) {
            stats.cxDrainClose.inc(loop().stats());
            drain();
        }
        sendResponse(stream.id(), head.status(), head.headers(), endStream);
    }

    /** The response is complete; what is left of the request is of no use. */
    void answered(Http2ServerStream stream) {
        stats.cxTxBytesTotal.add(loop().stats(), output().takeWritten());
        stream.watchFlush();
        if (!stream.remoteEnded()) {
            stream.resetAtEnd();
        }
    }

    /** What is left of a response has not moved for too long. */
    void flushTimedOut(Http2ServerStream stream) {
        codecStats().txFlushTimeout.inc(loop().stats());
        stream.reset(Http2Error.INTERNAL_ERROR);
    }

    /** How long what is left of a response may stand still; 0 for ever. */
    long flushNanos() {
        return config.timeouts().streamIdle().toNanos();
    }

    void arm(TimerWheel.Timer timer, long nanos) {
        loop().timers().arm(timer, nanos);
    }

    // ---- the connection's life ------------------------------------------------------------------------------------

    @Override
    protected boolean opened(int stream) {
        return stream % 2 == 1 && stream <= lastStream;
    }

    @Override
    protected int lastPeerStream() {
        return lastStream;
    }

    /** A client that goes away is served what it has asked for. */
    @Override
    protected void onGoAway(int lastOfOurs, Http2Error error) {}

    @Override
    protected void onStreamClosed(Http2Stream stream) {
        if (streams() == 0) {
            limits.becameIdle();
            if (goneAway) {
                closeWhenSent();
            }
        }
    }

    @Override
    protected void onBytes(int read) {
        receivedBytes += read;
        stats.cxRxBytesTotal.add(loop().stats(), read);
    }

    @Override
    protected void onConnectionError(Http2Error error, String detail) {
        boolean resets = detail.equals(Http2Exception.TOO_MANY_PREMATURE_RESETS);
        if (resets) {
            stats.rqTooManyPrematureResets.inc(loop().stats());
        }
        if (resets || error != Http2Error.ENHANCE_YOUR_CALM) {
            stats.cxProtocolError.inc(loop().stats());
        }
        closeWhenSent();
    }

    @Override
    protected void onKeepaliveLost() {
        closeNow();
    }

    private void closeWhenSent() {
        if (delayedClose != null) {
            return;
        }
        closedByUs = true;
        end(StreamReset.LOCAL_RESET, "");
        limits.cancelAll();
        onBlockEnded();
        channel().config().setAutoRead(true);
        delayedClose = new DelayedClose(
                loop(), channel(), output(), config.timeouts().delayedClose(), stats.cxDelayedCloseTimeout);
        delayedClose.begin(true);
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        limits.cancelAll();
        onBlockEnded();
        if (delayedClose != null) {
            delayedClose.cancel();
        }
        if (preface != null) {
            preface.release();
        }
        end(StreamReset.CONNECTION_TERMINATION, "");
        owner.carried(
                requests == 0 ? null : Protocol.HTTP_2,
                receivedBytes + (preface == null ? Preface.LENGTH : 0),
                output().bytesSent());
        output().release();
        stats.cxTxBytesTotal.add(loop().stats(), output().takeWritten());
        lane.onClosed(this, !closedByUs, endedWithStreams() || lostRequest, loop().nanoTime() - openedNanos);
        owner.closed(channel());
    }

    @Override
    public ConnectionOwner owner() {
        return owner;
    }

    @Override
    public boolean spoken() {
        return spoken;
    }

    @Override
    public void drain() {
        if (!draining) {
            draining = true;
            goAway(ANY_STREAM, Http2Error.NO_ERROR);
            limits.draining();
        }
    }

    @Override
    public void closeNow() {
        closedByUs = true;
        channel().close();
    }

    /** One answer says nothing of the others: a stream is given up by itself. */
    @Override
    public void closeAfterResponse() {}

    /** What was announced is done: no stream above the last is taken any more. */
    @Override
    public void drained() {
        goneAway = true;
        goAway(lastStream, Http2Error.NO_ERROR);
        if (streams() == 0) {
            closeWhenSent();
        }
    }

    /** It is not closed before the client knows that it goes (Envoy: {@code ConnectionManagerImpl::onIdleTimeout}). */
    @Override
    public void idle() {
        drain();
    }

    /** The head of a request takes too long to come; what comes of it is dropped. */
    private final class HeadTimer extends TimerWheel.Timer {

        private final int id;
        private final HeadLimit limit;

        HeadTimer(int id, HeadLimit limit) {
            this.id = id;
            this.limit = limit;
        }

        @Override
        protected void expired() {
            limit.counter().inc(loop().stats());
            lastStream = id;
            RequestHead nothing = ConnectionManagerLane.nothing(Protocol.HTTP_2);
            Http2ServerStream stream = new Http2ServerStream(Http2ServerConnection.this, id, nothing);
            add(stream);
            stream.serve(lane.refuse(stream, nothing, limit.reply()));
        }
    }
}
