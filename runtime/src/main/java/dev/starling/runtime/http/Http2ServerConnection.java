package dev.starling.runtime.http;

import dev.starling.config.http.HttpConnectionManager;
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
import dev.starling.runtime.message.Headers;
import dev.starling.runtime.message.RequestHead;
import dev.starling.runtime.message.ResponseHead;
import dev.starling.runtime.message.StreamReset;
import dev.starling.runtime.network.ConnectionOwner;
import dev.starling.runtime.tls.TlsSession;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.util.NetUtil;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/** A client's HTTP/2 connection and the streams on it. Confined to the loop. */
final class Http2ServerConnection extends Http2Connection implements ServerConnection {

    /** The stream number of a GOAWAY that only announces another (RFC 9113 6.8). */
    private static final int ANY_STREAM = Integer.MAX_VALUE;

    private final ConnectionManagerLane lane;
    private final ConnectionOwner owner;
    private final HttpConnectionManager config;
    private final ConnectionManagerStats stats;
    private final MessageFields fields;
    private @Nullable Preface preface;
    private final String remoteIp;
    private final long openedNanos;
    private int lastStream;
    private int requests;
    private final IdleTimer idleTimer = new IdleTimer();
    private final DrainTimer drainTimer = new DrainTimer();
    private final DurationTimer durationTimer = new DurationTimer();
    private long idleSinceNanos;
    private boolean draining;
    private boolean goneAway;
    private boolean closedByUs;
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
        this.remoteIp =
                owner.remoteAddress() instanceof InetSocketAddress ip ? NetUtil.toAddressString(ip.getAddress()) : "";
        this.idleSinceNanos = openedNanos;
        long idle = config.timeouts().connectionIdle().toNanos();
        if (idle > 0) {
            loop().timers().arm(idleTimer, idle);
        }
        config.timeouts()
                .maxConnectionDuration()
                .ifPresent(limit -> loop().timers().arm(durationTimer, limit.toNanos()));
        if (preface == null) {
            open();
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
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
            refuse(id, Http2Error.REFUSED_STREAM);
            return;
        }
        if (headers.tooLarge() || headers.tooMany()) {
            codecStats().headerOverflow.inc(loop().stats());
            refuse(id, Http2Error.INTERNAL_ERROR); // as Envoy
            return;
        }
        try {
            RequestHead head = fields.request(headers, endStream);
            head.scheme(secure() ? "https" : "http");
            begin(id, head);
        } catch (MalformedMessage malformed) {
            reportMalformed(malformed);
            refuse(id, Http2Error.PROTOCOL_ERROR);
        }
    }

    /** Ends the connection if a malformed message is not to end its stream alone. */
    private void reportMalformed(MalformedMessage malformed) throws Http2Exception {
        if (!config.http2().streamErrorOnInvalidMessage()) {
            throw Http2Exception.protocol(String.valueOf(malformed.getMessage()));
        }
        codecStats().rxMessagingError.inc(loop().stats());
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
        stream.serve(lane.begin(stream, head));
    }

    private void trailers(Http2ServerStream stream, HeaderBlock headers, boolean endStream) throws Http2Exception {
        if (stream.remoteEnded()) {
            streamError(stream, Http2Error.STREAM_CLOSED, "http2.headers_after_end");
            return;
        }
        try {
            Headers trailers = fields.trailers(headers);
            if (endStream) {
                codecStats().trailers.inc(loop().stats());
                stream.onTrailers(trailers);
                remoteEnd(stream);
                return;
            }
        } catch (MalformedMessage malformed) {
            reportMalformed(malformed);
        }
        streamError(stream, Http2Error.PROTOCOL_ERROR, "http2.malformed_trailers");
    }

    void malformed(Http2ServerStream stream, String detail) {
        if (config.http2().streamErrorOnInvalidMessage()) {
            codecStats().rxMessagingError.inc(loop().stats());
            stream.reset(Http2Error.PROTOCOL_ERROR);
            stream.onReset(StreamReset.PROTOCOL_ERROR, detail);
        } else {
            fail(Http2Exception.protocol(detail));
        }
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
            idleSinceNanos = loop().nanoTime();
            if (goneAway) {
                closeWhenSent();
            }
        }
    }

    @Override
    protected void onBytes(int read) {
        stats.cxRxBytesTotal.add(loop().stats(), read);
    }

    @Override
    protected void onConnectionError(Http2Error error, String detail) {
        stats.cxProtocolError.inc(loop().stats());
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
        idleTimer.cancel();
        drainTimer.cancel();
        durationTimer.cancel();
        channel().config().setAutoRead(true);
        delayedClose = new DelayedClose(
                loop(), channel(), output(), config.timeouts().delayedClose(), stats.cxDelayedCloseTimeout);
        delayedClose.begin(true);
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        idleTimer.cancel();
        drainTimer.cancel();
        durationTimer.cancel();
        if (delayedClose != null) {
            delayedClose.cancel();
        }
        if (preface != null) {
            preface.release();
        }
        boolean withActiveRequest = streams() > 0;
        end(StreamReset.CONNECTION_TERMINATION, "");
        output().release();
        stats.cxTxBytesTotal.add(loop().stats(), output().takeWritten());
        lane.onClosed(this, !closedByUs, withActiveRequest, loop().nanoTime() - openedNanos);
        owner.closed(channel());
    }

    @Override
    public void drain() {
        if (!draining) {
            draining = true;
            goAway(ANY_STREAM, Http2Error.NO_ERROR);
            loop().timers().arm(drainTimer, config.timeouts().drain().toNanos());
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
    private final class DrainTimer extends TimerWheel.Timer {
        @Override
        protected void expired() {
            goneAway = true;
            goAway(lastStream, Http2Error.NO_ERROR);
            if (streams() == 0) {
                closeWhenSent();
            }
        }
    }

    /** The connection is old. */
    private final class DurationTimer extends TimerWheel.Timer {
        @Override
        protected void expired() {
            stats.cxMaxDurationReached.inc(loop().stats());
            drain();
        }
    }

    private final class IdleTimer extends TimerWheel.Timer {
        @Override
        protected void expired() {
            long timeout = config.timeouts().connectionIdle().toNanos();
            long idle = streams() > 0 ? 0 : loop().nanoTime() - idleSinceNanos;
            if (idle >= timeout) {
                stats.cxIdleTimeout.inc(loop().stats());
                drain();
            } else {
                loop().timers().arm(this, timeout - idle);
            }
        }
    }

    // ---- as exchanges see it --------------------------------------------------------------------------------------

    @Override
    public long id() {
        return owner.id();
    }

    @Override
    public SocketAddress localAddress() {
        return owner.localAddress();
    }

    @Override
    public SocketAddress remoteAddress() {
        return owner.remoteAddress();
    }

    @Override
    public SocketAddress directRemoteAddress() {
        return owner.traits().directRemote();
    }

    @Override
    public String serverName() {
        return owner.traits().serverName();
    }

    @Override
    public String remoteIp() {
        return remoteIp;
    }

    @Override
    public @Nullable TlsSession tls() {
        return owner.tls();
    }

    @Override
    public String filterChainName() {
        return owner.filterChainName();
    }
}
