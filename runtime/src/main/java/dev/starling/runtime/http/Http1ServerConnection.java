package dev.starling.runtime.http;

import dev.starling.config.http.HttpConnectionManager;
import dev.starling.config.http.HttpConnectionManager.CodecType;
import dev.starling.runtime.accesslog.ResponseFlag;
import dev.starling.runtime.codec.Http1Exception;
import dev.starling.runtime.codec.Output;
import dev.starling.runtime.codec.ReadWindow;
import dev.starling.runtime.codec.RequestDecoder;
import dev.starling.runtime.codec.ResponseEncoder;
import dev.starling.runtime.codec.StatusLines;
import dev.starling.runtime.codec.http2.Preface;
import dev.starling.runtime.http.filter.LocalReply;
import dev.starling.runtime.loop.Loop;
import dev.starling.runtime.loop.TimerWheel;
import dev.starling.runtime.message.DownstreamConnection;
import dev.starling.runtime.message.DownstreamStream;
import dev.starling.runtime.message.HeaderName;
import dev.starling.runtime.message.Headers;
import dev.starling.runtime.message.Protocol;
import dev.starling.runtime.message.RequestHead;
import dev.starling.runtime.message.ResponseHead;
import dev.starling.runtime.message.StreamEvent;
import dev.starling.runtime.message.StreamReset;
import dev.starling.runtime.network.ConnectionOwner;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import org.jspecify.annotations.Nullable;

/**
 * A client's HTTP/1.1 connection, and the stream of the one request it has answered at a time. Requests that are
 * pipelined wait in the decoder. Confined to the loop.
 */
public final class Http1ServerConnection extends ChannelInboundHandlerAdapter
        implements DownstreamStream, ServerConnection {

    /** Bytes of pipelined requests that may wait before the socket is no longer read. */
    private static final int PIPELINE_BYTES = 16 * 1024;

    private final ConnectionManagerLane lane;
    private final Loop loop;
    private final Channel channel;
    private final ConnectionOwner owner;
    private final HttpConnectionManager config;
    private final ConnectionManagerStats stats;
    private final Output output;
    private final ResponseEncoder encoder;
    private final Decoder decoder;
    private final ReadWindow window;
    private final IdleTimer idleTimer = new IdleTimer();
    private final long openedNanos;

    private @Nullable DurationTimer durationTimer;
    /** What decides whether the client speaks HTTP/2; null once it is decided. */
    private @Nullable Preface preface;

    private boolean spoken;

    private @Nullable Exchange exchange;
    private Phase phase = Phase.IDLE;
    private boolean requestOpen;
    private boolean keepAlive = true;
    private boolean draining;
    private boolean pipelinePaused;
    private boolean headTimed;
    private boolean closedByUs;
    /** What the client sends cannot be told apart any more, so nothing says that it has sent everything. */
    private boolean broken;

    private int requests;
    private @Nullable Protocol lastProtocol;
    private long receivedBytes;
    private long idleSinceNanos;
    private @Nullable DelayedClose delayedClose;

    private enum Phase {
        /** No request is being answered. */
        IDLE,
        /** The headers of a request have begun to arrive. */
        HEADERS,
        /** A request is being answered. */
        ANSWERING,
        /** Nothing more will be answered; what was written still leaves. */
        CLOSING
    }

    public Http1ServerConnection(ConnectionManagerLane lane, Channel channel, ConnectionOwner owner) {
        this.lane = lane;
        this.loop = lane.loop();
        this.channel = channel;
        this.owner = owner;
        this.config = lane.manager().config();
        this.stats = lane.manager().stats();
        this.output = new Output(loop, channel, config.http1().headerCase());
        this.encoder = new ResponseEncoder(output);
        this.decoder = new Decoder();
        this.window = new ReadWindow(channel, lane.bufferLimit(), this::readPaused);
        this.openedNanos = loop.nanoTime();
        this.preface = config.codecType() == CodecType.AUTO ? new Preface() : null;
        this.idleSinceNanos = openedNanos;
        armIdle(config.timeouts().connectionIdle().toNanos());
        config.timeouts().maxConnectionDuration().ifPresent(limit -> {
            durationTimer = new DurationTimer();
            loop.timers().arm(durationTimer, limit.toNanos());
        });
    }

    // ---- reading --------------------------------------------------------------------------------------------------

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ByteBuf bytes = (ByteBuf) message;
        int read = bytes.readableBytes();
        receivedBytes += read;
        if (phase == Phase.CLOSING) {
            stats.cxRxBytesTotal.add(loop.stats(), read);
            bytes.release();
            return;
        }
        boolean http2 = false;
        if (preface != null) {
            bytes = preface.read(bytes);
            http2 = preface.complete();
        }
        stats.cxRxBytesTotal.add(loop.stats(), http2 ? read - bytes.readableBytes() : read); // the rest is HTTP/2's
        if (preface != null) {
            if (preface.undecided()) {
                return;
            }
            preface = null;
            if (http2) {
                idleTimer.cancel();
                if (durationTimer != null) {
                    durationTimer.cancel();
                }
                lane.turnToHttp2(this, channel, owner, bytes, openedNanos);
                return;
            }
        }
        if (!spoken) {
            spoken = true;
            lane.onSpoken(this);
        }
        try {
            decoder.feed(bytes, context.alloc());
        } catch (Http1Exception refusal) {
            refuse(refusal);
        }
        awaitHead();
        if (decoder.held() > PIPELINE_BYTES && !requestOpen && phase == Phase.ANSWERING && !pipelinePaused) {
            pipelinePaused = true;
            channel.config().setAutoRead(false);
        }
    }

    private void decodeHeld() {
        try {
            decoder.decode();
        } catch (Http1Exception refusal) {
            refuse(refusal);
        }
        awaitHead();
    }

    /** A part of a head has come: the rest is not waited for as long as a request is. */
    private void awaitHead() {
        HeadLimit limit = lane.manager().headLimit();
        if (phase == Phase.HEADERS && !headTimed && limit != null) {
            headTimed = true;
            loop.timers().arm(idleTimer, limit.nanos());
        }
    }

    /** The client broke the protocol: answer, if no answer has begun, and close. */
    private void refuse(Http1Exception refusal) {
        stats.cxProtocolError.inc(loop.stats());
        refuse(LocalReply.of(
                refusal.status(), StatusLines.reason(refusal.status()), ResponseFlag.DPE, refusal.detail()));
    }

    private void refuse(LocalReply refusal) {
        broken = true;
        decoder.stop();
        Exchange current = exchange;
        if (phase == Phase.ANSWERING && current != null) {
            requestOpen = false;
            keepAlive = false;
            current.onEvent(new StreamEvent.Reset(StreamReset.PROTOCOL_ERROR, refusal.details()));
            return;
        }
        phase = Phase.ANSWERING;
        keepAlive = false;
        requestOpen = false;
        encoder.answering(false, false);
        exchange = lane.refuse(this, refusal);
    }

    private final class Decoder extends RequestDecoder {

        Decoder() {
            super(
                    config.limits().requestHeaders().clampedToInt(),
                    config.limits().headersCount(),
                    config.http1(),
                    owner.tls() != null);
        }

        @Override
        public void onHeadStarted() {
            if (phase == Phase.IDLE) {
                phase = Phase.HEADERS;
            }
        }

        @Override
        public void onRequest(RequestHead head, boolean mayKeepAlive, boolean expectContinue) {
            if (headTimed) {
                headTimed = false;
                armIdle(config.timeouts().connectionIdle().toNanos());
            }
            phase = Phase.ANSWERING;
            requests++;
            lastProtocol = head.protocol();
            keepAlive = mayKeepAlive && !draining;
            encoder.answering(head.protocol() == Protocol.HTTP_1_0, head.isHead());
            requestOpen = !head.endStream();
            int limit = config.limits().requestsPerConnection();
            if (limit > 0 && requests >= limit) {
                stats.cxMaxRequestsReached.inc(loop.stats());
                keepAlive = false;
            }
            if (expectContinue && !config.proxy100Continue()) {
                head.headers().remove(HeaderName.EXPECT);
                encoder.goOn();
                stats.completed(loop.stats(), 100);
            }
            exchange = lane.begin(Http1ServerConnection.this, head);
        }

        @Override
        public void onBody(ByteBuf bytes, boolean end) {
            Exchange current = exchange;
            if (end) {
                requestOpen = false;
            }
            if (current == null) { // answered before the request was complete
                bytes.release();
                return;
            }
            window.received(bytes.readableBytes());
            current.onEvent(new StreamEvent.Data(bytes, end));
        }

        @Override
        public void onTrailers(Headers trailers) {
            requestOpen = false;
            Exchange current = exchange;
            if (current == null) {
                return;
            }
            current.onEvent(
                    config.http1().enableTrailers()
                            ? new StreamEvent.Trailers(trailers)
                            : new StreamEvent.Data(Unpooled.EMPTY_BUFFER, true));
        }

        @Override
        public boolean wantsMore() {
            return phase != Phase.CLOSING;
        }
    }

    // ---- writing --------------------------------------------------------------------------------------------------

    @Override
    public void writeHead(ResponseHead head, boolean endStream) {
        if (head.informational()) {
            encoder.informational(head);
            return;
        }
        if (requestOpen || encoder.endsWithConnection(head)) {
            keepAlive = false;
        }
        if (head.opensTunnel()) {
            if (head.status() != 101 && head.status() != 200) { // as Envoy, though the tunnel is as open as others
                head.headers().set(HeaderName.CONNECTION, "close");
            }
            encoder.tunnelHead(head);
            return;
        }
        if (keepAlive && (draining || owner.drainClose())) {
            keepAlive = false;
            stats.cxDrainClose.inc(loop.stats());
        }
        encoder.head(head, endStream, keepAlive);
    }

    @Override
    public void writeData(ByteBuf bytes, boolean endStream) {
        encoder.data(bytes, endStream);
    }

    @Override
    public void writeTrailers(Headers trailers) {
        encoder.trailers(config.http1().enableTrailers() ? trailers : null);
    }

    @Override
    public void reset(StreamReset reason) {
        exchange = null;
        closeAfterFlush(); // what was written before the break still leaves
    }

    @Override
    public boolean writable() {
        return channel.isWritable();
    }

    @Override
    public void consumed(int bytes) {
        window.consumed(bytes);
    }

    @Override
    public void responseEnded() {
        stats.cxTxBytesTotal.add(loop.stats(), output.takeWritten());
        exchange = null;
        if (!keepAlive) {
            closeAfterFlush();
            return;
        }
        phase = Phase.IDLE;
        idleSinceNanos = loop.nanoTime();
        window.reset();
        if (pipelinePaused) {
            pipelinePaused = false;
            channel.config().setAutoRead(true);
        }
        decoder.nextMessage();
        decodeHeld();
        if (draining && phase == Phase.IDLE) {
            closeAfterFlush();
        }
    }

    // ---- the connection's life ------------------------------------------------------------------------------------

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        if (channel.isWritable() && exchange != null) {
            exchange.downstreamWritable();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        idleTimer.cancel();
        if (durationTimer != null) {
            durationTimer.cancel();
        }
        if (delayedClose != null) {
            delayedClose.cancel();
        }
        owner.carried(lastProtocol, receivedBytes, output.bytesSent());
        output.release();
        decoder.release();
        if (preface != null) {
            preface.release();
        }
        stats.cxTxBytesTotal.add(loop.stats(), output.takeWritten());
        Exchange current = exchange;
        exchange = null;
        if (current != null) {
            current.onEvent(new StreamEvent.Reset(StreamReset.CONNECTION_TERMINATION, ""));
        }
        lane.onClosed(this, !closedByUs, current != null, loop.nanoTime() - openedNanos);
        owner.closed(channel);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        channel.close();
    }

    private void closeAfterFlush() {
        boolean mayStillSend = requestOpen || broken || decoder.held() > 0;
        phase = Phase.CLOSING;
        closedByUs = true;
        decoder.stop();
        idleTimer.cancel();
        channel.config().setAutoRead(true);
        delayedClose =
                new DelayedClose(loop, channel, output, config.timeouts().delayedClose(), stats.cxDelayedCloseTimeout);
        delayedClose.begin(mayStillSend);
    }

    @Override
    public boolean spoken() {
        return spoken;
    }

    @Override
    public void drain() {
        draining = true;
        if (phase == Phase.IDLE) {
            closeAfterFlush();
        }
    }

    @Override
    public void closeNow() {
        phase = Phase.CLOSING;
        closedByUs = true;
        channel.close();
    }

    private void readPaused(boolean paused) {
        (paused ? stats.flowControlPausedReading : stats.flowControlResumedReading).inc(loop.stats());
    }

    private void armIdle(long nanos) {
        if (nanos > 0) {
            loop.timers().arm(idleTimer, nanos);
        } else {
            idleTimer.cancel();
        }
    }

    /** The connection is old: it closes when no request is being answered. */
    private final class DurationTimer extends TimerWheel.Timer {
        @Override
        protected void expired() {
            stats.cxMaxDurationReached.inc(loop.stats());
            drain();
        }
    }

    /** The connection's one timer: idle, waiting for headers, or waiting for the client to close. */
    private final class IdleTimer extends TimerWheel.Timer {
        @Override
        protected void expired() {
            long timeout = config.timeouts().connectionIdle().toNanos();
            switch (phase) {
                case IDLE -> {
                    long rest = timeout - (loop.nanoTime() - idleSinceNanos);
                    if (rest > 0) {
                        armIdle(rest);
                    } else if (requests > 0
                            && !draining
                            && !config.timeouts().drain().isZero()) {
                        stats.cxIdleTimeout.inc(loop.stats());
                        draining = true; // a request that is on its way is still answered
                        armIdle(config.timeouts().drain().toNanos());
                    } else {
                        stats.cxIdleTimeout.add(loop.stats(), draining ? 0 : 1);
                        closeAfterFlush();
                    }
                }
                case HEADERS -> {
                    HeadLimit limit = lane.manager().headLimit();
                    if (limit != null && headTimed) {
                        limit.counter().inc(loop.stats());
                        refuse(limit.reply());
                    } else {
                        stats.cxIdleTimeout.inc(loop.stats());
                        closeNow();
                    }
                }
                case ANSWERING -> armIdle(timeout);
                case CLOSING -> {}
            }
        }
    }

    // ---- as exchanges see it --------------------------------------------------------------------------------------

    @Override
    public DownstreamConnection connection() {
        return this;
    }

    @Override
    public ConnectionOwner owner() {
        return owner;
    }

    @Override
    public void closeAfterResponse() {
        keepAlive = false;
    }
}
