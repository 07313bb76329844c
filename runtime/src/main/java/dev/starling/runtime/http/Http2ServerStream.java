package dev.starling.runtime.http;

import dev.starling.runtime.codec.http2.ExtendedConnect;
import dev.starling.runtime.codec.http2.Http2Error;
import dev.starling.runtime.codec.http2.Http2Stream;
import dev.starling.runtime.loop.TimerWheel;
import dev.starling.runtime.message.DownstreamConnection;
import dev.starling.runtime.message.DownstreamStream;
import dev.starling.runtime.message.Headers;
import dev.starling.runtime.message.RequestHead;
import dev.starling.runtime.message.ResponseHead;
import dev.starling.runtime.message.StreamEvent;
import dev.starling.runtime.message.StreamReset;
import io.netty.buffer.ByteBuf;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One request of an HTTP/2 client and its answer. Confined to the loop. */
final class Http2ServerStream extends Http2Stream implements DownstreamStream {

    /** As old as that, a stream may be given up without suspicion ({@code overload.premature_reset_min_stream_lifetime_seconds}). */
    private static final long OLD_NANOS = TimeUnit.SECONDS.toNanos(2);

    private final Http2ServerConnection connection;
    private final long openedNanos;
    private final boolean head;
    private final boolean tunnel;
    private final long contentLength;
    private long received;
    private boolean answered;
    private @Nullable Exchange exchange;

    Http2ServerStream(Http2ServerConnection connection, int id, RequestHead request) {
        super(connection, id);
        this.connection = connection;
        this.openedNanos = connection.heardNanos();
        this.head = request.isHead();
        this.tunnel = request.asksForTunnel();
        this.contentLength = tunnel ? -1 : request.contentLength();
    }

    void serve(Exchange begun) {
        exchange = begun;
    }

    /** Whether the exchange is still at work. */
    boolean served() {
        return exchange != null;
    }

    // ---- from the client ------------------------------------------------------------------------------------------

    @Override
    protected void onData(ByteBuf bytes, boolean end) {
        received += bytes.readableBytes();
        Exchange current = exchange;
        if (contentLength >= 0 && (received > contentLength || (end && received < contentLength))) {
            bytes.release();
            connection.contradicts(this);
        } else if (current == null) { // answered before the request was complete
            bytes.release();
        } else {
            current.onEvent(new StreamEvent.Data(bytes, end));
        }
    }

    /** Whether less has come than the head has told. */
    boolean lacksBody() {
        return received < contentLength;
    }

    void onTrailers(Headers trailers) {
        if (exchange != null) {
            exchange.onEvent(new StreamEvent.Trailers(trailers));
        }
    }

    @Override
    protected void onReset(StreamReset reason, String detail) {
        Exchange current = exchange;
        exchange = null;
        if (current != null) {
            current.onEvent(new StreamEvent.Reset(reason, detail));
        }
    }

    @Override
    protected void onWritable() {
        if (exchange != null) {
            exchange.downstreamWritable();
        }
    }

    @Override
    protected boolean premature() {
        return !answered && connection.heardNanos() - openedNanos < OLD_NANOS;
    }

    // ---- to the client --------------------------------------------------------------------------------------------

    @Override
    public void writeHead(ResponseHead response, boolean endStream) {
        if (closed()) {
            return;
        }
        if (response.opensTunnel()) {
            ExtendedConnect.granted(response);
        }
        answered |= !response.informational();
        connection.writeHead(this, response, endStream);
        if (endStream && !response.informational()) {
            localEnd();
        }
    }

    @Override
    public void writeData(ByteBuf bytes, boolean endStream) {
        if (head) { // its answer has no body
            bytes.clear();
        }
        send(bytes, endStream);
    }

    @Override
    public void writeTrailers(Headers trailers) {
        sendTrailers(trailers);
    }

    @Override
    public void reset(StreamReset reason) {
        exchange = null;
        if (reason == StreamReset.PROTOCOL_ERROR) {
            reset(Http2Error.PROTOCOL_ERROR);
        } else {
            reset(tunnel ? Http2Error.CONNECT_ERROR : Http2Error.INTERNAL_ERROR);
        }
    }

    @Override
    public void consumed(int bytes) {
        giveBack(bytes);
    }

    @Override
    public void responseEnded() {
        exchange = null;
        connection.answered(this);
    }

    /** The exchange is over: what waits for the client's window or socket may not wait for ever. */
    void watchFlush() {
        long limit = connection.flushNanos();
        if (waitingBytes() > 0 && limit > 0) {
            connection.arm(new FlushTimer(limit), limit);
        }
    }

    @Override
    public DownstreamConnection connection() {
        return connection;
    }

    /** Looks after each span of time whether anything has been sent in it. */
    private final class FlushTimer extends TimerWheel.Timer {

        private final long span;
        private int waited = waitingBytes();

        FlushTimer(long span) {
            this.span = span;
        }

        @Override
        protected void expired() {
            int waits = waitingBytes();
            if (waits > 0 && waits == waited) {
                connection.flushTimedOut(Http2ServerStream.this);
            } else if (waits > 0) {
                waited = waits;
                connection.arm(this, span);
            }
        }
    }
}
