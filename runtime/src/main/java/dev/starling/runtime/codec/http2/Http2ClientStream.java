package dev.starling.runtime.codec.http2;

import dev.starling.lb.Endpoint;
import dev.starling.runtime.codec.hpack.HeaderBlock;
import dev.starling.runtime.message.Headers;
import dev.starling.runtime.message.Protocol;
import dev.starling.runtime.message.RequestHead;
import dev.starling.runtime.message.ResponseHead;
import dev.starling.runtime.message.StreamEvent;
import dev.starling.runtime.message.StreamReset;
import dev.starling.runtime.message.UpstreamStream;
import dev.starling.runtime.tls.TlsSession;
import io.netty.buffer.ByteBuf;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/** One request to an HTTP/2 endpoint and its response. Confined to the loop. */
final class Http2ClientStream extends Http2Stream implements UpstreamStream {

    /** Informational responses before the final one; more is an attack. */
    private static final int MAX_INFORMATIONAL = 16;

    private final Http2ClientConnection connection;
    private @Nullable Receiver receiver;
    private boolean headRequest;
    private boolean connectRequest;
    private String upgrade = "";
    private boolean headReceived;
    private int informational;

    /** What the body must be; -1 if nothing was said. */
    private long contentLength = -1;

    private long received;

    /** Where the request begins in what the connection has written. */
    private long startsAt = Long.MAX_VALUE;

    Http2ClientStream(Http2ClientConnection connection, Receiver receiver) {
        super(connection, 0);
        this.connection = connection;
        this.receiver = receiver;
    }

    // ---- to the upstream ------------------------------------------------------------------------------------------

    @Override
    public void writeHead(RequestHead head, boolean endStream) {
        if (!connection.unopened(this)) { // the connection has ended
            return;
        }
        headRequest = head.isHead();
        connectRequest = head.isConnect();
        upgrade = head.upgrade();
        startsAt = connection.output().bytesWritten();
        connection.begin(this, head, endStream);
        if (endStream) {
            localEnd();
        }
    }

    @Override
    public void writeData(ByteBuf bytes, boolean endStream) {
        send(bytes, endStream);
    }

    @Override
    public void writeTrailers(Headers trailers) {
        sendTrailers(trailers);
    }

    @Override
    public void reset() {
        receiver = null;
        if (closed()) {
            return;
        }
        connection.wasReset(StreamReset.LOCAL_RESET);
        if (id() == 0) {
            connection.forget(this);
        } else {
            reset(Http2Error.INTERNAL_ERROR); // as Envoy, whatever the client has said
        }
    }

    @Override
    public void consumed(int bytes) {
        giveBack(bytes);
    }

    @Override
    public boolean untouched() {
        return connection.output().bytesFlushed() <= startsAt;
    }

    @Override
    public Endpoint endpoint() {
        return connection.endpoint();
    }

    @Override
    public String protocol() {
        return Protocol.HTTP_2.toString();
    }

    @Override
    public SocketAddress localAddress() {
        return connection.channel().localAddress();
    }

    @Override
    public @Nullable TlsSession tls() {
        return TlsSession.of(connection.channel());
    }

    // ---- from the upstream ----------------------------------------------------------------------------------------

    void onHeaders(HeaderBlock headers, boolean endStream) throws Http2Exception {
        if (remoteEnded()) {
            connection.streamError(this, Http2Error.STREAM_CLOSED, "http2.headers_after_end");
        } else if (headers.tooLarge() || headers.tooMany()) {
            connection.tooLarge(this);
        } else {
            try {
                message(headers, endStream);
            } catch (MalformedMessage malformed) {
                connection.malformed(this, malformed.detail());
            }
        }
    }

    private void message(HeaderBlock headers, boolean endStream) throws MalformedMessage {
        if (headReceived) {
            Headers trailers = connection.fields().trailers(headers);
            if (!endStream) {
                throw new MalformedMessage("http2.headers_in_body");
            }
            if (contentLength >= 0 && received < contentLength) {
                throw new MalformedMessage("http2.content_length_mismatch");
            }
            deliver(new StreamEvent.Trailers(trailers));
        } else {
            ResponseHead head = connection.fields().response(headers, headRequest, endStream);
            if (head.informational()) {
                if (++informational > MAX_INFORMATIONAL) {
                    throw new MalformedMessage("http2.too_many_informational_responses");
                }
            } else {
                headReceived = true;
                if (head.status() < 300 && connectRequest) {
                    head.openingTunnel();
                } else if (head.status() == 200 && !upgrade.isEmpty()) {
                    ExtendedConnect.asUpgrade(head, upgrade);
                }
                contentLength = head.opensTunnel()
                        ? -1
                        : headRequest || head.status() == 204 || head.status() == 304 ? 0 : head.contentLength();
            }
            deliver(head);
        }
        if (endStream) {
            responseEnded();
            connection.remoteEnd(this);
        }
    }

    @Override
    protected void onData(ByteBuf bytes, boolean end) throws Http2Exception {
        if (!headReceived) {
            bytes.release();
            throw Http2Exception.protocol("http2.data_before_headers");
        }
        received += bytes.readableBytes();
        if (contentLength >= 0 && (received > contentLength || (end && received < contentLength))) {
            bytes.release();
            connection.wrong(this, "http2.content_length_mismatch");
            return;
        }
        deliver(new StreamEvent.Data(bytes, end));
        if (end) {
            responseEnded();
        }
    }

    /** What has not been asked for of the request's rest is of no use any more. */
    private void responseEnded() {
        receiver = null;
        if (!endWritten()) {
            connection.wasReset(StreamReset.LOCAL_RESET);
            reset(Http2Error.INTERNAL_ERROR);
        }
    }

    @Override
    protected void onReset(StreamReset reason, String detail) {
        connection.wasReset(reason);
        deliver(new StreamEvent.Reset(reason, ""));
        receiver = null;
    }

    private void deliver(StreamEvent event) {
        Receiver target = receiver;
        if (target != null) {
            target.onUpstreamEvent(this, event);
        } else if (event instanceof StreamEvent.Data data) {
            data.bytes().release();
        }
    }

    @Override
    protected void onWritable() {
        if (receiver != null) {
            receiver.onUpstreamWritable(this);
        }
    }
}
