package dev.starling.runtime.http;

import dev.starling.runtime.accesslog.ResponseFlag;
import dev.starling.runtime.codec.hpack.HeaderBlock;
import dev.starling.runtime.codec.http2.MalformedMessage;
import dev.starling.runtime.loop.Loop;
import dev.starling.runtime.message.DownstreamConnection;
import dev.starling.runtime.message.DownstreamStream;
import dev.starling.runtime.message.Headers;
import dev.starling.runtime.message.Protocol;
import dev.starling.runtime.message.RequestHead;
import dev.starling.runtime.message.ResponseHead;
import dev.starling.runtime.message.StreamEvent;
import dev.starling.runtime.message.StreamReset;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http3.DefaultHttp3DataFrame;
import io.netty.handler.codec.http3.DefaultHttp3HeadersFrame;
import io.netty.handler.codec.http3.Http3DataFrame;
import io.netty.handler.codec.http3.Http3Exception;
import io.netty.handler.codec.http3.Http3Headers;
import io.netty.handler.codec.http3.Http3HeadersFrame;
import io.netty.handler.codec.http3.Http3RequestStreamInboundHandler;
import io.netty.handler.codec.quic.QuicException;
import io.netty.handler.codec.quic.QuicStreamChannel;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One request of an HTTP/3 client and its answer. Confined to the loop. */
final class Http3ServerStream extends Http3RequestStreamInboundHandler implements DownstreamStream, Loop.Flushable {

    /** Body bytes handed to the exchange and not yet passed on before the stream is read no further. */
    private static final int WINDOW_BYTES = 64 * 1024;

    private static final int NO_ERROR = 0x100;
    private static final int INTERNAL_ERROR = 0x102;
    private static final int EXCESSIVE_LOAD = 0x107;
    private static final int REQUEST_REJECTED = 0x10b;
    private static final int MESSAGE_ERROR = 0x10e;

    private final Http3ServerConnection connection;
    private final QuicStreamChannel stream;
    private final boolean rejected;

    /** A request head of which is not known yet whether anything follows. */
    private @Nullable Http3Headers pending;

    private @Nullable Exchange exchange;
    private boolean begun;
    private boolean head;
    private boolean inputEnded;
    private boolean paused;
    private boolean listed;
    private long contentLength = -1;
    private long received;
    private int outstanding;

    Http3ServerStream(Http3ServerConnection connection, QuicStreamChannel stream) {
        this(connection, stream, false);
    }

    private Http3ServerStream(Http3ServerConnection connection, QuicStreamChannel stream, boolean rejected) {
        this.connection = connection;
        this.stream = stream;
        this.rejected = rejected;
    }

    /** Of a stream that came too late. */
    static Http3ServerStream rejected(Http3ServerConnection connection, QuicStreamChannel stream) {
        return new Http3ServerStream(connection, stream, true);
    }

    // ---- from the client ------------------------------------------------------------------------------------------

    @Override
    protected void channelRead(ChannelHandlerContext context, Http3HeadersFrame frame) {
        if (rejected) {
            giveUp(REQUEST_REJECTED);
        } else if (!begun && pending == null) {
            pending = frame.headers();
            connection.loop().run(() -> begin(false)); // its end, if it has one, comes in this turn
        } else {
            begin(false);
            trailers(frame.headers());
        }
    }

    private void begin(boolean end) {
        Http3Headers headers = pending;
        if (headers == null) {
            return;
        }
        pending = null;
        begun = true;
        HeaderBlock block = connection.block();
        fill(block, headers);
        if (block.tooLarge() || block.tooMany()) {
            giveUp(EXCESSIVE_LOAD);
            return;
        }
        try {
            RequestHead request = connection.fields().request(block, Protocol.HTTP_3, end);
            if (!connection.allowed(request.headers())) {
                giveUp(INTERNAL_ERROR);
                connection
                        .lane()
                        .lose(
                                this,
                                ConnectionManagerLane.nothing(Protocol.HTTP_3),
                                ResponseFlag.DPE,
                                "http3.unexpected_underscore");
                return;
            }
            request.scheme("https");
            head = request.isHead();
            contentLength = request.contentLength();
            exchange = connection.lane().begin(this, request);
            onInputEnded();
        } catch (MalformedMessage malformed) {
            malformed();
        }
    }

    private static void fill(HeaderBlock block, Http3Headers headers) {
        for (Map.Entry<CharSequence, CharSequence> field : headers) {
            block.add(field.getKey(), field.getValue());
        }
    }

    private void trailers(Http3Headers headers) {
        Exchange current = exchange;
        HeaderBlock block = connection.block();
        fill(block, headers);
        if (block.tooLarge() || block.tooMany()) {
            abort(EXCESSIVE_LOAD, "http3.trailers_too_large");
            return;
        }
        try {
            Headers trailers = connection.fields().trailers(block);
            inputEnded = true;
            if (contentLength >= 0 && received < contentLength) {
                malformed();
            } else if (current != null) {
                current.onEvent(new StreamEvent.Trailers(trailers));
                onInputEnded();
            }
        } catch (MalformedMessage malformed) {
            malformed();
        }
    }

    @Override
    protected void channelRead(ChannelHandlerContext context, Http3DataFrame frame) {
        begin(false);
        ByteBuf bytes = frame.content();
        received += bytes.readableBytes();
        connection.stats().cxRxBytesTotal.add(connection.loop().stats(), bytes.readableBytes());
        Exchange current = exchange;
        if (contentLength >= 0 && received > contentLength) {
            bytes.release();
            malformed();
        } else if (current == null) { // answered or given up before the request was complete
            bytes.release();
        } else {
            outstanding += bytes.readableBytes();
            if (!paused && outstanding >= WINDOW_BYTES) {
                paused = true;
                stream.config().setAutoRead(false);
            }
            current.onEvent(new StreamEvent.Data(bytes, false));
        }
    }

    @Override
    protected void channelInputClosed(ChannelHandlerContext context) {
        if (pending != null) {
            inputEnded = true;
            begin(true);
        } else if (!inputEnded) {
            inputEnded = true;
            Exchange current = exchange;
            if (contentLength >= 0 && received < contentLength) {
                malformed();
            } else if (current != null) {
                current.onEvent(new StreamEvent.Data(Unpooled.EMPTY_BUFFER, true));
                onInputEnded();
            }
        }
    }

    /** A client that has said all and reads no more has given up; one that still sends has not, in Envoy neither. */
    private void onInputEnded() {
        if (inputEnded && exchange != null) {
            connection.answering(this);
        }
    }

    /** Called while the request is complete and its answer is not. */
    void lookWhetherRead() {
        if (StoppedReading.by(stream)) {
            connection.codecStats().rxReset.inc(connection.loop().stats());
            lost("http3.remote_reset");
            stream.close();
        }
    }

    private void malformed() {
        connection.stats().cxProtocolError.inc(connection.loop().stats());
        abort(MESSAGE_ERROR, "http3.malformed_message");
    }

    private void abort(int error, String detail) {
        Exchange current = exchange;
        giveUp(error);
        if (current != null) {
            current.onEvent(new StreamEvent.Reset(StreamReset.PROTOCOL_ERROR, detail));
        }
    }

    /** Nothing that is written from now on is the exchange's. */
    private void leave() {
        exchange = null;
        connection.answered(this);
    }

    private void giveUp(int error) {
        begun = true;
        leave();
        connection.codecStats().txReset.inc(connection.loop().stats());
        stream.shutdown(error);
    }

    @Override
    protected void handleQuicException(ChannelHandlerContext context, QuicException cause) {
        connection.codecStats().rxReset.inc(connection.loop().stats());
        lost("http3.remote_reset");
        stream.close();
    }

    @Override
    protected void handleHttp3Exception(ChannelHandlerContext context, Http3Exception cause) {
        connection.stats().cxProtocolError.inc(connection.loop().stats());
        lost("http3.protocol_error"); // Netty closes the connection
    }

    private void lost(String detail) {
        Exchange current = exchange;
        leave();
        if (current != null) {
            current.onEvent(new StreamEvent.Reset(StreamReset.REMOTE_RESET, detail));
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        if (stream.isWritable() && exchange != null) {
            exchange.downstreamWritable();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        pending = null;
        lost("http3.remote_reset");
        connection.onStreamClosed();
        context.fireChannelInactive();
    }

    // ---- to the client --------------------------------------------------------------------------------------------

    @Override
    public void writeHead(ResponseHead response, boolean endStream) {
        if (response.informational() && !stream.isWritable()) {
            return; // such heads are bounded by nothing else
        }
        connection.onResponse();
        DefaultHttp3HeadersFrame frame = new DefaultHttp3HeadersFrame();
        frame.headers().status(Integer.toString(response.status()));
        copy(response.headers(), frame.headers());
        write(frame, endStream && !response.informational());
    }

    private static void copy(Headers from, Http3Headers to) {
        for (int i = 0; i < from.size(); i++) {
            to.add(from.name(i), from.value(i));
        }
    }

    @Override
    public void writeData(ByteBuf bytes, boolean endStream) {
        if (head) { // its answer has no body
            bytes.clear();
        }
        connection.stats().cxTxBytesTotal.add(connection.loop().stats(), bytes.readableBytes());
        // Netty's codec sends a body from the start of its buffer, wherever reading stands: 4.2.18, Http3FrameCodec.
        write(new DefaultHttp3DataFrame(bytes.slice()), endStream);
    }

    @Override
    public void writeTrailers(Headers trailers) {
        DefaultHttp3HeadersFrame frame = new DefaultHttp3HeadersFrame();
        copy(trailers, frame.headers());
        write(frame, true);
    }

    private void write(Object frame, boolean last) {
        var written = stream.write(frame);
        if (last) {
            written.addListener(QuicStreamChannel.SHUTDOWN_OUTPUT);
        }
        if (!listed) {
            listed = true;
            connection.loop().flushAtEndOfTurn(this);
        }
    }

    @Override
    public void flushOutput() {
        listed = false;
        stream.flush();
    }

    @Override
    public void reset(StreamReset reason) {
        giveUp(reason == StreamReset.PROTOCOL_ERROR ? MESSAGE_ERROR : INTERNAL_ERROR);
    }

    @Override
    public boolean writable() {
        return stream.isWritable();
    }

    @Override
    public void consumed(int bytes) {
        outstanding -= bytes;
        if (paused && outstanding <= WINDOW_BYTES / 2) {
            paused = false;
            stream.config().setAutoRead(true);
        }
    }

    @Override
    public void responseEnded() {
        leave();
        if (!inputEnded) {
            stream.shutdownInput(NO_ERROR); // the rest of the request is of no use
        }
    }

    @Override
    public DownstreamConnection connection() {
        return connection;
    }
}
