package dev.starling.runtime.upstream.probe;

import dev.starling.healthcheck.active.ProbeResult;
import dev.starling.runtime.codec.ClientConnection;
import dev.starling.runtime.codec.Http1ClientConnection;
import dev.starling.runtime.codec.http2.Http2ClientConnection;
import dev.starling.runtime.codec.http2.Http2Stats;
import dev.starling.runtime.message.RequestHead;
import dev.starling.runtime.message.ResponseHead;
import dev.starling.runtime.message.StreamEvent;
import dev.starling.runtime.message.StreamReset;
import dev.starling.runtime.message.UpstreamStream;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A check by a request of HTTP or gRPC. */
final class HttpProbe extends EndpointProbe implements ClientConnection.Owner, UpstreamStream.Receiver {

    private final Question question;
    private final @Nullable Http2Stats http2;

    private @Nullable ClientConnection connection;
    private Question.@Nullable Judge judge;

    /** @param http2 where HTTP/2 is spoken, or null for HTTP/1.1 */
    HttpProbe(Asked asked, Question question, @Nullable Http2Stats http2) {
        super(asked);
        this.question = question;
        this.http2 = http2;
    }

    @Override
    protected boolean askAgain() {
        ClientConnection open = connection;
        if (open == null || !open.active()) {
            connection = null;
            return false;
        }
        ask(open);
        return true;
    }

    @Override
    protected void begin(Channel channel) {
        ClientConnection opened = http2 == null ? http1(channel) : http2(channel, http2);
        connection = opened;
        channel.config().setAutoRead(true);
        ask(opened);
    }

    private ClientConnection http1(Channel channel) {
        var opened = new Http1ClientConnection(
                asked.loop(), channel, asked.endpoint(), asked.settings().http(), asked.bufferLimit(), this);
        channel.pipeline().addLast(opened);
        return opened;
    }

    private ClientConnection http2(Channel channel, Http2Stats stats) {
        var opened = new Http2ClientConnection(
                asked.loop(), channel, asked.endpoint(), asked.settings().http(), asked.bufferLimit(), stats, this);
        channel.pipeline().addLast(opened);
        return opened;
    }

    private void ask(ClientConnection open) {
        judge = question.judge();
        UpstreamStream stream = open.start(this);
        ByteBuf body = question.body();
        stream.writeHead(question.head(), body == null);
        if (body != null) {
            stream.writeData(body, true);
        }
    }

    @Override
    public void onUpstreamEvent(UpstreamStream stream, StreamEvent event) {
        Question.Judge current = Objects.requireNonNull(judge);
        switch (event) {
            case ResponseHead head -> {
                if (!head.informational()) {
                    current.head(head);
                    concludeIf(head.endStream());
                }
            }
            case StreamEvent.Data(var bytes, var end) -> {
                int length = bytes.readableBytes();
                current.data(bytes);
                bytes.release();
                stream.consumed(length);
                concludeIf(end);
            }
            case StreamEvent.Trailers(var trailers) -> {
                current.trailers(trailers);
                concludeIf(true);
            }
            case StreamEvent.Reset(var reason, var detail) -> fail(reason, detail);
            case RequestHead _ -> throw new IllegalStateException("request head from an upstream");
        }
    }

    private void concludeIf(boolean end) {
        ProbeResult result = end ? Objects.requireNonNull(judge).verdict() : null;
        if (result != null) {
            conclude(result);
        }
    }

    @Override
    protected void close() {
        ClientConnection open = connection;
        connection = null;
        if (open != null) {
            open.close();
        }
    }

    @Override
    public void onStreamEnded() {}

    @Override
    public void onRoom() {
        ClientConnection open = connection;
        if (open != null && !asking() && open.openStreams() == 0 && (!asked.reuse() || !open.active())) {
            close();
        }
    }

    @Override
    public void onStreamReset(StreamReset reason) {}

    @Override
    public void onClosed(ClientConnection closed, boolean remote, boolean withActiveRequest) {
        if (closed.equals(connection)) {
            connection = null;
        }
    }

    @Override
    public void onUpstreamWritable(UpstreamStream stream) {
        // A request without a body is written at once.
    }

    @Override
    public void onProtocolError() {
        // The stream is reset, which says as much.
    }

    @Override
    public void onCloseNotify() {}

    @Override
    public void onBytes(long read, long written) {
        // Checks are not part of the cluster's traffic.
    }

    @Override
    public void onReadPaused(boolean paused) {
        // Nor is their flow control.
    }
}
