package dev.starling.runtime.upstream.probe;

import dev.starling.config.cluster.Cluster;
import dev.starling.healthcheck.active.ProbeResult;
import dev.starling.healthcheck.active.Prober;
import dev.starling.lb.Endpoint;
import dev.starling.runtime.codec.ClientConnection;
import dev.starling.runtime.codec.Http1ClientConnection;
import dev.starling.runtime.codec.http2.Http2ClientConnection;
import dev.starling.runtime.codec.http2.Http2Stats;
import dev.starling.runtime.loop.Loop;
import dev.starling.runtime.loop.Transport;
import dev.starling.runtime.message.RequestHead;
import dev.starling.runtime.message.ResponseHead;
import dev.starling.runtime.message.StreamEvent;
import dev.starling.runtime.message.StreamReset;
import dev.starling.runtime.message.UpstreamStream;
import dev.starling.runtime.tls.EndpointTls;
import dev.starling.runtime.upstream.Connecting;
import dev.starling.runtime.upstream.PoolProtocol;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import java.util.Objects;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One endpoint's dedicated connection and the check in flight on it. Confined to its loop but for the two entries. */
final class HttpProbe implements Prober.Probe, Connecting.Outcome, ClientConnection.Owner, UpstreamStream.Receiver {

    private final Loop loop;
    private final Transport transport;
    private final Cluster settings;
    private final @Nullable EndpointTls tls;
    private final Endpoint endpoint;
    private final boolean reuse;
    private final Question question;
    private final @Nullable Http2Stats http2;

    private @Nullable Connecting connecting;
    private @Nullable ClientConnection connection;
    private @Nullable Consumer<ProbeResult> done;
    private Question.@Nullable Judge judge;

    /** @param http2 where HTTP/2 is spoken, or null for HTTP/1.1 */
    HttpProbe(
            Loop loop,
            Transport transport,
            Cluster settings,
            @Nullable EndpointTls tls,
            Endpoint endpoint,
            boolean reuse,
            Question question,
            @Nullable Http2Stats http2) {
        this.loop = loop;
        this.transport = transport;
        this.settings = settings;
        this.tls = tls == null || http2 == null ? tls : tls.offering(PoolProtocol.HTTP_2.alpn());
        this.endpoint = endpoint;
        this.reuse = reuse;
        this.question = question;
        this.http2 = http2;
    }

    @Override
    public void start(Consumer<ProbeResult> result) {
        onLoop(() -> {
            done = result;
            ClientConnection open = connection;
            if (open != null && open.active()) {
                ask(open);
            } else {
                connection = null;
                connecting = new Connecting(loop, transport, ClusterProber.address(endpoint), settings, tls, this);
                connecting.start();
            }
        });
    }

    @Override
    public void cancel() {
        onLoop(() -> {
            done = null;
            if (connecting != null) {
                connecting.cancel();
                connecting = null;
            }
            close();
        });
    }

    private void onLoop(Runnable task) {
        try {
            loop.eventLoop().execute(task);
        } catch (RejectedExecutionException loopHasEnded) {
            // So has everything that could be checked.
        }
    }

    @Override
    public void connected(Channel channel) {
        connecting = null;
        ClientConnection opened = http2 == null ? http1(channel) : http2(channel, http2);
        connection = opened;
        channel.config().setAutoRead(true);
        ask(opened);
    }

    private ClientConnection http1(Channel channel) {
        var opened = new Http1ClientConnection(loop, channel, endpoint, settings.http(), bufferLimit(), this);
        channel.pipeline().addLast(opened);
        return opened;
    }

    private ClientConnection http2(Channel channel, Http2Stats stats) {
        var opened = new Http2ClientConnection(loop, channel, endpoint, settings.http(), bufferLimit(), stats, this);
        channel.pipeline().addLast(opened);
        return opened;
    }

    private int bufferLimit() {
        return settings.perConnectionBufferLimit().clampedToInt();
    }

    @Override
    public void failed(StreamReset reason, String detail) {
        connecting = null;
        conclude(new ProbeResult.NetworkFailure(detail.isEmpty() ? reason.text() : detail));
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
            case StreamEvent.Reset(var reason, var detail) ->
                conclude(new ProbeResult.NetworkFailure(detail.isEmpty() ? reason.text() : detail));
            case RequestHead _ -> throw new IllegalStateException("request head from an upstream");
        }
    }

    private void concludeIf(boolean end) {
        ProbeResult result = end ? Objects.requireNonNull(judge).verdict() : null;
        if (result != null) {
            conclude(result);
        }
    }

    private void conclude(ProbeResult result) {
        Consumer<ProbeResult> told = done;
        done = null;
        if (told != null) {
            told.accept(result);
        }
    }

    private void close() {
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
        if (open != null && done == null && open.openStreams() == 0 && (!reuse || !open.active())) {
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
