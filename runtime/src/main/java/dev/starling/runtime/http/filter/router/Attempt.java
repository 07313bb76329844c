package dev.starling.runtime.http.filter.router;

import dev.starling.lb.Endpoint;
import dev.starling.runtime.message.EventQueue;
import dev.starling.runtime.message.Headers;
import dev.starling.runtime.message.RequestHead;
import dev.starling.runtime.message.ResponseHead;
import dev.starling.runtime.message.StreamEvent;
import dev.starling.runtime.message.StreamReset;
import dev.starling.runtime.message.UpstreamStream;
import dev.starling.runtime.tls.TlsSession;
import dev.starling.runtime.upstream.LoopCluster;
import dev.starling.runtime.upstream.StreamRequest;
import io.netty.buffer.ByteBuf;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/** One try of a request at one endpoint: waits for a stream, then carries its events to the router's turn. */
final class Attempt extends StreamRequest {

    private final Owner owner;
    private final LoopCluster cluster;
    private final Endpoint endpoint;
    private final EventQueue events = new EventQueue();
    private @Nullable TcpTunnel tunnel;
    private boolean responseReceived;
    private boolean becameReady;
    private boolean untouchedWhenLost;
    private @Nullable StreamReset failure;
    private String failureDetail = "";

    /** Whose request it is. */
    interface Owner {

        /** Nothing has come of it yet. */
        void onStarting(Attempt attempt);

        void wake();

        void onStreamReady(Attempt attempt);

        void onStreamFailed(Attempt attempt, StreamReset reason, String transportDetail);

        void onWritable(Attempt attempt);

        void onEvent(StreamEvent event);
    }

    /** @param cluster the endpoint's, which is not that of the route where that is an aggregate */
    Attempt(Owner owner, LoopCluster cluster, Endpoint endpoint) {
        this.owner = owner;
        this.cluster = cluster;
        this.endpoint = endpoint;
    }

    /** The stream is to be a connection of its own. */
    void connecting(TcpTunnel opening) {
        tunnel = opening;
    }

    LoopCluster cluster() {
        return cluster;
    }

    Endpoint endpoint() {
        return endpoint;
    }

    /** Whether there is, or was, a stream. */
    boolean ready() {
        return becameReady;
    }

    boolean writable() {
        return stream == null ? over || responseReceived : stream.writable();
    }

    @Nullable
    SocketAddress localAddress() {
        return stream == null ? null : stream.localAddress();
    }

    @Nullable
    TlsSession tls() {
        return stream == null ? null : stream.tls();
    }

    /** What is spoken with the endpoint, as logs name it. */
    String protocol() {
        return stream == null ? "" : stream.protocol();
    }

    /** Whether the stream was lost before a byte of the request was written. */
    boolean untouched() {
        return untouchedWhenLost;
    }

    /** Whether its stream is over. */
    boolean ended() {
        return becameReady && stream == null;
    }

    /** Whether a byte of the request was written. */
    boolean begun() {
        return becameReady && !(stream == null ? untouchedWhenLost : stream.untouched());
    }

    // ---- from the pool and the codec ------------------------------------------------------------------------------

    @Override
    protected void onStreamReady(UpstreamStream ready) {
        stream = ready;
        becameReady = true;
        owner.onStreamReady(this);
    }

    @Override
    protected void onStreamFailed(StreamReset reason, String transportDetail) {
        failure = reason;
        failureDetail = transportDetail;
        owner.wake();
    }

    @Override
    public void onUpstreamEvent(UpstreamStream from, StreamEvent event) {
        if (late(event)) {
            return;
        }
        switch (event) {
            case StreamEvent.Reset reset -> {
                untouchedWhenLost = from.untouched();
                stream = null;
            }
            case StreamEvent.Trailers trailers -> received();
            case StreamEvent.Data data -> {
                if (data.endStream()) {
                    received();
                }
            }
            case ResponseHead head -> {
                if (head.endStream()) {
                    received();
                }
            }
            case RequestHead head -> throw new IllegalStateException("request head from an upstream");
        }
        events.add(event);
        owner.wake();
    }

    /** The stream is free for somebody else, or gone: no more credit, no reset. */
    private void received() {
        responseReceived = true;
        stream = null;
    }

    @Override
    public void onUpstreamWritable(UpstreamStream from) {
        owner.onWritable(this);
    }

    // ---- for the router -------------------------------------------------------------------------------------------

    /** Hands over what has happened. */
    void turn() {
        StreamReset failed = failure;
        if (failed != null) {
            failure = null;
            over = true;
            owner.onStreamFailed(this, failed, failureDetail);
            return;
        }
        for (StreamEvent event = events.poll(); event != null; event = events.poll()) {
            owner.onEvent(event);
        }
    }

    void writeHead(RequestHead head, boolean endStream) {
        if (stream != null) {
            stream.writeHead(head, endStream);
        }
    }

    /** Takes ownership. */
    void writeData(ByteBuf bytes, boolean endStream) {
        if (stream != null) {
            stream.writeData(bytes, endStream);
        } else {
            bytes.release();
        }
    }

    void writeTrailers(Headers trailers) {
        if (stream != null) {
            stream.writeTrailers(trailers);
        }
    }

    /** Gives up waiting, or the stream. */
    void abandon() {
        if (tunnel != null) {
            tunnel.cancel();
        }
        giveUp();
    }

    void release() {
        events.clear();
    }
}
