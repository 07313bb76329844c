package dev.starling.runtime.codec;

import dev.starling.config.cluster.UpstreamHttp;
import dev.starling.lb.Endpoint;
import dev.starling.runtime.loop.Loop;
import dev.starling.runtime.message.Ascii;
import dev.starling.runtime.message.HeaderName;
import dev.starling.runtime.message.Headers;
import dev.starling.runtime.message.Protocol;
import dev.starling.runtime.message.RequestHead;
import dev.starling.runtime.message.ResponseHead;
import dev.starling.runtime.message.StreamEvent;
import dev.starling.runtime.message.StreamReset;
import dev.starling.runtime.message.UpstreamStream;
import dev.starling.runtime.tls.TlsSession;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.DuplexChannel;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * An HTTP/1.1 connection to an endpoint, and the stream of the one request it serves at a time. A response that ends
 * before its request, or is not framed by itself, or is followed by bytes nobody asked for, ends the connection.
 */
public final class Http1ClientConnection extends ChannelInboundHandlerAdapter
        implements ClientConnection, UpstreamStream {

    private final Channel channel;
    private final Endpoint endpoint;
    private final Owner owner;
    private final Output output;
    private final Decoder decoder;
    private final ReadWindow window;
    private final boolean enableTrailers;

    private @Nullable Receiver receiver;
    private boolean keepAlive;
    private boolean chunkedRequest;
    private boolean connectRequest;
    private boolean requestComplete;
    private boolean responseComplete;
    private boolean requestOpen;
    private boolean closedByUs;
    /** The connection was reset, so that its end says nothing about the message. */
    private boolean broken;

    private long requestStartedAt;
    private long bytesRead;

    public Http1ClientConnection(
            Loop loop, Channel channel, Endpoint endpoint, UpstreamHttp options, int bufferLimit, Owner owner) {
        this.channel = channel;
        this.endpoint = endpoint;
        this.owner = owner;
        this.output = new Output(loop, channel);
        this.decoder = new Decoder(options);
        this.enableTrailers = options.enableTrailers();
        this.window = new ReadWindow(channel, bufferLimit, owner::onReadPaused);
    }

    @Override
    public UpstreamStream start(Receiver newReceiver) {
        receiver = newReceiver;
        keepAlive = true;
        requestComplete = false;
        responseComplete = false;
        requestStartedAt = output.bytesFlushed();
        bytesRead = 0;
        requestOpen = true;
        return this;
    }

    @Override
    public int room() {
        return requestOpen || !channel.isActive() ? 0 : 1;
    }

    @Override
    public int promised() {
        return 0;
    }

    @Override
    public int openStreams() {
        return requestOpen ? 1 : 0;
    }

    @Override
    public boolean active() {
        return channel.isActive();
    }

    @Override
    public void close() {
        closedByUs = true;
        channel.close();
    }

    @Override
    public void writeHead(RequestHead head, boolean endStream) {
        Headers headers = head.headers();
        boolean upgrade = !head.upgrade().isEmpty();
        decoder.expect(head.isHead(), head.isConnect(), upgrade);
        chunkedRequest = !endStream && head.contentLength() < 0 && !head.asksForTunnel();
        connectRequest = head.isConnect();
        boolean connection = upgrade && !headers.contains(HeaderName.CONNECTION);
        boolean zeroLength =
                endStream && !upgrade && !bodiless(head.method()) && !headers.contains(HeaderName.CONTENT_LENGTH);
        String target = head.isConnect() ? head.authority() : head.path();
        int bound = head.method().length()
                + target.length()
                + head.authority().length()
                + 64
                + head.upgrade().length();
        output.head(
                (bytes, at) -> {
                    at = Ascii.append(bytes, at, head.method());
                    bytes[at++] = ' ';
                    at = Ascii.append(bytes, at, target);
                    at = Ascii.append(bytes, at, " HTTP/1.1\r\nhost: ");
                    at = Ascii.append(bytes, at, head.authority());
                    return Ascii.append(bytes, at, "\r\n");
                },
                bound,
                headers,
                !chunkedRequest && !connection && !zeroLength
                        ? null
                        : (bytes, at) -> Ascii.append(
                                bytes,
                                at,
                                connection
                                        ? "connection: upgrade\r\n"
                                        : zeroLength ? "content-length: 0\r\n" : "transfer-encoding: chunked\r\n"));
        if (endStream) {
            requestEnded();
        }
    }

    /** Methods whose requests say nothing of a body when they have none (RFC 9110 8.6). */
    private static boolean bodiless(String method) {
        return switch (method) {
            case "GET", "HEAD", "DELETE", "TRACE", "CONNECT" -> true;
            default -> false;
        };
    }

    @Override
    public void writeData(ByteBuf bytes, boolean endStream) {
        if (chunkedRequest) {
            output.chunk(bytes);
        } else {
            output.body(bytes);
        }
        if (endStream) {
            if (chunkedRequest) {
                output.lastChunk(null);
            }
            requestEnded();
            if (connectRequest) { // the end of what a tunnel carries can be said in no other way
                output.afterFlush(this::endOutput);
            }
        }
    }

    private void endOutput() {
        if (channel instanceof DuplexChannel duplex && channel.isActive()) {
            duplex.shutdownOutput();
        }
    }

    @Override
    public void writeTrailers(Headers trailers) {
        if (chunkedRequest) {
            output.lastChunk(enableTrailers ? trailers : null);
        }
        requestEnded();
    }

    private void requestEnded() {
        requestComplete = true;
        endedMaybe();
    }

    @Override
    public void reset() {
        receiver = null;
        if (decoder.isRaw()) {
            output.flushOutput(); // what the client sent before it left still arrives, as far as the kernel takes it
        }
        close();
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
    public Endpoint endpoint() {
        return endpoint;
    }

    @Override
    public boolean untouched() {
        return output.bytesFlushed() == requestStartedAt && bytesRead == 0;
    }

    @Override
    public String protocol() {
        return Protocol.HTTP_1_1.toString();
    }

    @Override
    public SocketAddress localAddress() {
        return channel.localAddress();
    }

    @Override
    public @Nullable TlsSession tls() {
        return TlsSession.of(channel);
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ByteBuf bytes = (ByteBuf) message;
        int length = bytes.readableBytes();
        bytesRead += length;
        owner.onBytes(length, output.takeWritten());
        if (receiver == null) { // nobody asked: not a connection to trust any more
            bytes.release();
            close();
            return;
        }
        try {
            decoder.feed(bytes, context.alloc());
            if (receiver == null && decoder.held() > 0) {
                owner.onProtocolError();
                close();
            }
        } catch (Http1Exception broken) {
            protocolError();
        }
    }

    private void protocolError() {
        owner.onProtocolError();
        deliver(new StreamEvent.Reset(StreamReset.PROTOCOL_ERROR, ""));
        receiver = null;
        close();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        if (channel.isWritable() && receiver != null) {
            receiver.onUpstreamWritable(this);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        output.release();
        boolean active = receiver != null;
        boolean unfinished = requestOpen && !responseComplete;
        owner.onBytes(0, output.takeWritten());
        if (active) {
            if (decoder.endsWithConnection()) {
                responseComplete = true;
                deliver(new StreamEvent.Data(Unpooled.EMPTY_BUFFER, true));
            } else if (!broken && decoder.cut()) {
                owner.onProtocolError();
                deliver(new StreamEvent.Reset(StreamReset.PROTOCOL_ERROR, ""));
            } else if (!responseComplete) {
                deliver(new StreamEvent.Reset(StreamReset.CONNECTION_TERMINATION, ""));
            }
            receiver = null;
        }
        decoder.release();
        owner.onClosed(this, !closedByUs, unfinished);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        broken = true;
        channel.close();
    }

    private void deliver(StreamEvent event) {
        Receiver target = receiver;
        if (target != null) {
            target.onUpstreamEvent(this, event);
        } else if (event instanceof StreamEvent.Data data) {
            data.bytes().release();
        }
    }

    private void responseEnded() {
        responseComplete = true;
        endedMaybe();
    }

    private void endedMaybe() {
        if (!responseComplete) {
            return;
        }
        receiver = null;
        if (requestComplete && keepAlive && channel.isActive()) {
            window.reset();
            requestOpen = false;
            owner.onStreamEnded();
            owner.onRoom();
        } else {
            close();
        }
    }

    private final class Decoder extends ResponseDecoder {

        Decoder(UpstreamHttp options) {
            super(options.maxResponseHeaders(false).clampedToInt(), options.maxHeadersCount());
        }

        @Override
        void onResponse(ResponseHead head, boolean mayKeepAlive) {
            if (!mayKeepAlive) {
                owner.onCloseNotify();
            }
            keepAlive &= mayKeepAlive && !endsWithConnection();
            if (head.status() != 101) {
                head.headers().remove(HeaderName.CONNECTION);
            }
            head.headers().remove(HeaderName.KEEP_ALIVE);
            head.headers().remove(HeaderName.PROXY_CONNECTION);
            deliver(head);
            if (head.endStream()) {
                responseEnded();
            }
        }

        @Override
        public void onBody(ByteBuf bytes, boolean end) {
            window.received(bytes.readableBytes());
            deliver(new StreamEvent.Data(bytes, end));
            if (end) {
                responseEnded();
            }
        }

        @Override
        public void onTrailers(Headers trailers) {
            deliver(
                    enableTrailers
                            ? new StreamEvent.Trailers(trailers)
                            : new StreamEvent.Data(Unpooled.EMPTY_BUFFER, true));
            responseEnded();
        }

        @Override
        public boolean wantsMore() {
            return receiver != null;
        }
    }
}
