package dev.starling.runtime.network.tcpproxy;

import dev.starling.lb.Endpoint;
import dev.starling.runtime.message.EventQueue;
import dev.starling.runtime.message.RequestHead;
import dev.starling.runtime.message.StreamEvent;
import dev.starling.runtime.message.StreamReset;
import dev.starling.runtime.message.UpstreamStream;
import dev.starling.runtime.upstream.StreamRequest;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;

/** One try of a session to open a tunnel through an endpoint: what the codec says waits here for the session's turn. */
final class TunnelRequest extends StreamRequest {

    private final Endpoint endpoint;
    private final RequestHead head;
    private final Runnable wake;
    private final EventQueue events = new EventQueue();

    TunnelRequest(Endpoint endpoint, RequestHead head, Runnable wake) {
        this.endpoint = endpoint;
        this.head = head;
        this.wake = wake;
    }

    Endpoint endpoint() {
        return endpoint;
    }

    @Nullable
    UpstreamStream stream() {
        return stream;
    }

    @Override
    protected void onStreamReady(UpstreamStream ready) {
        stream = ready;
        ready.writeHead(head, false);
        wake.run();
    }

    @Override
    protected void onStreamFailed(StreamReset reason, String transportDetail) {
        onEvent(new StreamEvent.Reset(reason, transportDetail));
    }

    @Override
    public void onUpstreamEvent(UpstreamStream from, StreamEvent event) {
        if (!late(event)) {
            onEvent(event);
        }
    }

    private void onEvent(StreamEvent event) {
        if (event instanceof StreamEvent.Reset) {
            stream = null;
        }
        events.add(event);
        wake.run();
    }

    @Override
    public void onUpstreamWritable(UpstreamStream from) {
        wake.run();
    }

    @Nullable
    StreamEvent poll() {
        return events.poll();
    }

    boolean writable() {
        return stream == null || stream.writable();
    }

    /** Takes ownership. */
    void write(ByteBuf bytes) {
        if (stream == null) {
            bytes.release();
        } else {
            stream.writeData(bytes, false);
        }
    }

    void end() {
        if (stream != null) {
            stream.writeData(Unpooled.EMPTY_BUFFER, true);
        }
    }

    /** The endpoint has said all it had to: the stream may be somebody else's by now. */
    void ended() {
        stream = null;
    }

    /** Gives the stream up, or waiting for one. */
    void abandon() {
        giveUp();
        events.clear();
    }
}
