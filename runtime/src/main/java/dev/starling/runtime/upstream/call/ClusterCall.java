package dev.starling.runtime.upstream.call;

import dev.starling.config.route.RouteAction.RoutingPriority;
import dev.starling.lb.Endpoint;
import dev.starling.lb.Pick;
import dev.starling.runtime.cluster.ClusterStats;
import dev.starling.runtime.cluster.ClusterTraffic;
import dev.starling.runtime.grpc.ContentTypes;
import dev.starling.runtime.grpc.GrpcStatus;
import dev.starling.runtime.loop.Loop;
import dev.starling.runtime.loop.TimerWheel;
import dev.starling.runtime.message.EventQueue;
import dev.starling.runtime.message.HeaderName;
import dev.starling.runtime.message.Headers;
import dev.starling.runtime.message.Protocol;
import dev.starling.runtime.message.RequestHead;
import dev.starling.runtime.message.ResponseHead;
import dev.starling.runtime.message.StreamEvent;
import dev.starling.runtime.message.StreamReset;
import dev.starling.runtime.message.UpstreamStream;
import dev.starling.runtime.upstream.LoopCluster;
import dev.starling.runtime.upstream.StreamRequest;
import io.netty.buffer.ByteBuf;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One request of our own to a cluster: balanced, limited, counted and judged as the router's are (Envoy's {@code
 * AsyncStreamImpl}, which has a router inside). The caller is told in turns of its own, never while it calls. Confined to the
 * loop.
 */
final class ClusterCall extends StreamRequest {

    private final Loop loop;
    private final LoopCluster cluster;
    private final ClusterTraffic traffic;
    private final ClusterStats stats;
    private final RequestHead head;
    private final Caller caller;
    private final boolean grpc;
    private final boolean internal;
    private final EventQueue events = new EventQueue();
    private final Limit timeout = new Limit(this::timedOut);
    private final Limit streamDuration = new Limit(this::lastedTooLong);
    private final Runnable turn = this::turn;

    private @Nullable Endpoint endpoint;

    /** The endpoint's, which is another where the cluster is an aggregate. */
    private LoopCluster picked;

    private @Nullable CallFailure failure;
    private boolean turnPending;
    private boolean ready;
    private boolean responding;
    private int status;
    private int grpcStatus = GrpcStatus.NONE;
    private long sentNanos;

    /** Who has asked. Nothing is said after a failure or the end of the answer. */
    interface Caller {

        /** There is a stream, and the head is on its way. */
        void ready();

        void head(ResponseHead head);

        /** Takes ownership; what has been made use of is to be {@link ClusterCall#consumed}. */
        void data(ByteBuf bytes, boolean end);

        void trailers(Headers trailers);

        void failed(CallFailure failure);

        /** The stream takes more again. */
        void writable();
    }

    ClusterCall(Loop loop, LoopCluster cluster, RequestHead head, Caller caller) {
        this.loop = loop;
        this.cluster = cluster;
        this.picked = cluster;
        this.traffic = cluster.traffic();
        this.stats = traffic.stats();
        this.head = head;
        this.caller = caller;
        this.grpc = ContentTypes.isGrpc(head.headers().get(HeaderName.CONTENT_TYPE));
        this.internal = head.headers().contains(HeaderName.X_ENVOY_INTERNAL);
    }

    /** @param limit zero: none */
    void start(Duration limit) {
        if (!limit.isZero()) {
            loop.timers().arm(timeout, limit.toNanos());
        }
        attempt();
    }

    private void attempt() {
        switch (cluster.pick()) {
            case Pick.NoEndpoint _ -> {
                stats.cxNoneHealthy.inc(loop.stats());
                charge(503);
                fail(503, "no healthy upstream", "no_healthy_upstream");
            }
            case Endpoint chosen -> {
                endpoint = chosen;
                picked = cluster.picked();
                // As in Envoy nobody's protocol is that of our own requests' client, which then is HTTP/1.1.
                picked.pool(chosen, RoutingPriority.DEFAULT, Protocol.HTTP_1_1, null, null)
                        .newStream(this);
            }
        }
    }

    // ---- what the caller says -------------------------------------------------------------------------------------

    /** False while it is not to be written. */
    boolean writable() {
        return stream != null && stream.writable();
    }

    /** Takes ownership. */
    void write(ByteBuf bytes, boolean end) {
        if (stream == null) {
            bytes.release();
        } else {
            if (end) {
                sentNanos = loop.nanoTime();
            }
            stream.writeData(bytes, end);
        }
    }

    /** Gives up; the caller is told no more. */
    void abandon() {
        cancelTimers();
        giveUp();
        events.clear();
    }

    // ---- from the pool and the codec ------------------------------------------------------------------------------

    @Override
    protected void onStreamReady(UpstreamStream opened) {
        stream = opened;
        ready = true;
        picked.settings()
                .http()
                .maxStreamDuration()
                .ifPresent(limit -> loop.timers().arm(streamDuration, limit.toNanos()));
        opened.writeHead(head, head.endStream());
        wake();
    }

    @Override
    protected void onStreamFailed(StreamReset reason, String transportDetail) {
        events.add(new StreamEvent.Reset(reason, transportDetail));
        wake();
    }

    @Override
    public void onUpstreamEvent(UpstreamStream from, StreamEvent event) {
        if (late(event)) {
            return;
        }
        switch (event) {
            case StreamEvent.Reset _, StreamEvent.Trailers _ -> stream = null;
            case StreamEvent.Data data -> endedIf(data.endStream());
            case ResponseHead answer -> endedIf(answer.endStream());
            case RequestHead _ -> throw new IllegalStateException("request head from an upstream");
        }
        events.add(event);
        wake();
    }

    /** The stream is free for somebody else, or gone. */
    private void endedIf(boolean end) {
        if (end) {
            stream = null;
        }
    }

    @Override
    public void onUpstreamWritable(UpstreamStream from) {
        wake();
    }

    private void wake() {
        if (!turnPending) {
            turnPending = true;
            loop.eventLoop().execute(turn);
        }
    }

    // ---- its turn -------------------------------------------------------------------------------------------------

    private void turn() {
        turnPending = false;
        CallFailure failed = failure;
        if (failed != null && !over) {
            abandon();
            caller.failed(failed);
        }
        if (ready && !over) {
            ready = false;
            caller.ready();
        }
        StreamEvent event = over ? null : events.poll();
        while (event != null) {
            on(event);
            event = over ? null : events.poll();
        }
        if (!over && stream != null && stream.writable()) {
            caller.writable();
        }
    }

    private void on(StreamEvent event) {
        switch (event) {
            case ResponseHead answer -> head(answer);
            case StreamEvent.Data(var bytes, var end) -> {
                completedIf(end);
                caller.data(bytes, end);
            }
            case StreamEvent.Trailers(var trailers) -> {
                heard(trailers);
                completedIf(true);
                caller.trailers(trailers);
            }
            case StreamEvent.Reset(var reason, var detail) -> lost(reason, detail);
            case RequestHead _ -> throw new IllegalStateException("request head from an upstream");
        }
    }

    private void head(ResponseHead answer) {
        charge(answer.status());
        if (answer.informational()) {
            return;
        }
        responding = true;
        status = answer.status();
        heard(answer.headers());
        picked.traffic()
                .outliers()
                .onResponse(
                        Objects.requireNonNull(endpoint),
                        grpcStatus == GrpcStatus.NONE ? status : GrpcStatus.toHttp(grpcStatus));
        completedIf(answer.endStream());
        caller.head(answer);
    }

    private void heard(Headers headers) {
        if (grpc && grpcStatus == GrpcStatus.NONE) {
            grpcStatus = GrpcStatus.parse(headers.get(HeaderName.GRPC_STATUS));
        }
    }

    private void completedIf(boolean end) {
        if (!end) {
            return;
        }
        over = true;
        cancelTimers();
        boolean failed =
                status >= 500 || (grpc && (grpcStatus == GrpcStatus.NONE || GrpcStatus.toHttp(grpcStatus) >= 500));
        var state = Objects.requireNonNull(endpoint).state();
        (failed ? state.requestsFailed() : state.requestsSucceeded()).increment();
        if (sentNanos != 0) {
            stats.rqTime.record(loop.stats(), TimeUnit.NANOSECONDS.toMillis(loop.nanoTime() - sentNanos));
        }
    }

    private void lost(StreamReset reason, String transportDetail) {
        Endpoint tried = Objects.requireNonNull(endpoint);
        if (reason != StreamReset.OVERFLOW) {
            picked.traffic().outliers().onLocalOriginFailure(tried);
            tried.state().requestsFailed().increment();
        }
        if (!responding) {
            charge(reason.replyStatus());
        }
        fail(reason.replyStatus(), reason.replyText(), reason.replyDetails(transportDetail));
    }

    private void timedOut() {
        stats.rqTimeout.inc(loop.stats());
        if (endpoint != null) {
            picked.traffic().outliers().onLocalOriginTimeout(endpoint, 504);
            endpoint.state().requestsTimedOut().increment();
        }
        if (!responding) {
            charge(504);
        }
        fail(504, "upstream request timeout", "response_timeout");
    }

    private void lastedTooLong() {
        picked.traffic().stats().rqMaxDurationReached.inc(loop.stats());
        fail(504, "upstream max stream duration reached", "upstream_max_stream_duration_reached");
    }

    private void fail(int replyStatus, String text, String details) {
        failure = new CallFailure(responding, replyStatus, text, details);
        wake();
    }

    private void charge(int code) {
        stats.codes.record(loop.stats(), code);
        (internal ? stats.internalCodes : stats.externalCodes).record(loop.stats(), code);
    }

    private void cancelTimers() {
        timeout.cancel();
        streamDuration.cancel();
    }

    private static final class Limit extends TimerWheel.Timer {

        private final Runnable action;

        Limit(Runnable action) {
            this.action = action;
        }

        @Override
        protected void expired() {
            action.run();
        }
    }
}
