package dev.starling.runtime.network.tcpproxy;

import dev.starling.config.route.RouteAction.RoutingPriority;
import dev.starling.lb.Endpoint;
import dev.starling.lb.Pick;
import dev.starling.runtime.accesslog.ResponseFlag;
import dev.starling.runtime.accesslog.StreamInfo;
import dev.starling.runtime.cluster.ClusterSlot;
import dev.starling.runtime.loop.Loop;
import dev.starling.runtime.loop.Ready;
import dev.starling.runtime.loop.TimerWheel;
import dev.starling.runtime.message.Protocol;
import dev.starling.runtime.message.RequestHead;
import dev.starling.runtime.message.ResponseHead;
import dev.starling.runtime.message.StreamEvent;
import dev.starling.runtime.message.StreamReset;
import dev.starling.runtime.network.ConnectionOwner;
import dev.starling.runtime.network.RawConnection;
import dev.starling.runtime.network.RawLane;
import dev.starling.runtime.network.RawSession;
import dev.starling.runtime.upstream.LoopCluster;
import dev.starling.runtime.upstream.LoopClusters;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One client connection whose bytes an endpoint is sent in a request of HTTP, and whose answer is the endpoint's
 * ({@code tunneling_config}). The pool of the cluster gives the stream, so any HTTP version will do. Confined to the loop.
 */
final class TunnelingSession extends Ready implements RawSession, RawConnection.Owner {

    private final TcpProxyFilter filter;
    private final Tunneling tunneling;
    private final RawLane<TunnelingSession> lane;
    private final LoopClusters clusters;
    private final StringBuilder scratch;
    private final Loop loop;
    private final ConnectionOwner owner;
    private final RawConnection downstream;
    private final StreamInfo info;
    private final IdleWatch idle;
    private final ClusterSlot slot;

    private Phase phase = Phase.SEARCHING;
    private @Nullable DurationTimer durationTimer;
    private @Nullable TunnelRequest request;
    private boolean durationOver;
    private boolean inputPassed;
    private boolean answerPassed;
    private int owed;

    private enum Phase {
        /** For an endpoint that opens a tunnel. */
        SEARCHING,
        /** Bytes pass. */
        PASSING,
        /** Nothing more will pass; what was written still leaves. */
        CLOSING,
        OVER
    }

    TunnelingSession(
            TcpProxyFilter filter,
            Tunneling tunneling,
            RawLane<TunnelingSession> lane,
            LoopClusters clusters,
            StringBuilder scratch,
            Channel channel,
            ConnectionOwner owner) {
        this.filter = filter;
        this.tunneling = tunneling;
        this.lane = lane;
        this.clusters = clusters;
        this.scratch = scratch;
        this.loop = lane.loop();
        this.owner = owner;
        this.info = owner.info();
        this.slot = filter.clusters().choose(loop.random());
        this.idle = new IdleWatch(loop, filter.config().idleTimeout().toNanos(), this::onEvent);
        this.downstream = RawConnection.over(channel, loop, this).reportBuffered(filter.stats().txBytesBuffered);
        filter.stats().cxTotal.inc(loop.stats());
        filter.config().maxDownstreamConnectionDuration().ifPresent(limit -> {
            durationTimer = new DurationTimer();
            loop.timers().arm(durationTimer, limit.toNanos());
        });
        idle.start();
    }

    @Override
    public void onEvent() {
        lane.ready(this);
    }

    @Override
    public void turn() {
        if (phase == Phase.OVER) {
            return;
        }
        if (durationOver) {
            info.flag(ResponseFlag.DT);
            filter.stats().maxDuration.inc(loop.stats());
            closeNow();
        } else if (downstream.broken() || downstream.closed()) {
            closeNow();
        } else if (idle.over(downstream.pendingBytes())) {
            filter.stats().idleTimeout.inc(loop.stats());
            closeNow();
        } else {
            if (request == null && phase == Phase.SEARCHING) {
                attempt();
            }
            takeEvents();
            if (phase == Phase.PASSING) {
                pass();
            } else if (phase == Phase.CLOSING) {
                dropInput();
            }
        }
    }

    // ---- the tunnel -----------------------------------------------------------------------------------------------

    /** As {@link EndpointSearch} does for bytes that go by themselves. */
    private void attempt() {
        LoopCluster cluster = clusters.cluster(slot);
        if (cluster == null) {
            filter.stats().cxNoRoute.inc(loop.stats());
            refuse(ResponseFlag.NC);
            return;
        }
        info.clusterName = cluster.settings().name();
        if (info.attempts >= filter.config().maxConnectAttempts()) {
            cluster.traffic().stats().cxConnectAttemptsExceeded.inc(loop.stats());
            refuse(ResponseFlag.URX);
            return;
        }
        switch (cluster.pick(_ -> info.downstream.originalDestination())) {
            case Pick.NoEndpoint none -> {
                cluster.traffic().stats().cxNoneHealthy.inc(loop.stats());
                refuse(ResponseFlag.UH);
            }
            case Endpoint endpoint -> {
                info.attempts++;
                request = new TunnelRequest(endpoint, tunneling.request(info, scratch), this::onEvent);
                cluster.pool(
                                endpoint,
                                RoutingPriority.DEFAULT,
                                Protocol.HTTP_1_1,
                                cluster.tellsClients() ? owner.traits().forUpstream() : null)
                        .newStream(request);
            }
        }
    }

    private void refuse(ResponseFlag why) {
        info.flag(why);
        closeNow();
    }

    private void takeEvents() {
        TunnelRequest current = request;
        StreamEvent event = current == null ? null : current.poll();
        while (event != null && phase != Phase.OVER) {
            idle.active();
            switch (event) {
                case ResponseHead head -> answered(head);
                case StreamEvent.Data data -> answer(data);
                case StreamEvent.Trailers trailers -> answerEnds();
                case StreamEvent.Reset reset -> lost(reset);
                case RequestHead wrong -> throw new IllegalStateException("request head from an endpoint");
            }
            event = request == null ? null : request.poll();
        }
    }

    private void answered(ResponseHead head) {
        if (head.informational()) {
            return;
        }
        TunnelRequest current = Objects.requireNonNull(request);
        boolean granted = head.opensTunnel() || (tunneling.usesPost() && head.status() / 100 == 2);
        info.upstreamHost = current.endpoint().addressText();
        info.upstreamRemoteAddress = current.endpoint().address();
        if (!granted || head.endStream()) {
            current.abandon();
            lost(new StreamEvent.Reset(StreamReset.REMOTE_CONNECTION_FAILURE, ""));
            return;
        }
        if (current.stream() != null) {
            info.upstreamLocalAddress = current.stream().localAddress();
        }
        phase = Phase.PASSING;
        downstream.read(true);
    }

    private void answer(StreamEvent.Data data) {
        ByteBuf bytes = data.bytes();
        int length = bytes.readableBytes();
        if (phase == Phase.PASSING) {
            owed += length;
            info.bytesSent += length;
            filter.stats().txBytesTotal.add(loop.stats(), length);
            downstream.write(bytes);
        } else {
            bytes.release();
        }
        if (data.endStream()) {
            answerEnds();
        }
    }

    private void answerEnds() {
        answerPassed = true;
        Objects.requireNonNull(request).ended();
        close();
    }

    private void lost(StreamEvent.Reset reset) {
        if (phase == Phase.PASSING) {
            if (reset.reason() != StreamReset.CONNECTION_TERMINATION) { // which is how HTTP/1.1 ends a tunnel
                info.flag(ResponseFlag.UR);
            }
            close();
            return;
        }
        info.upstreamHost = Objects.requireNonNull(request).endpoint().addressText();
        info.upstreamTransportFailure = reset.detail();
        info.flag(reset.reason() == StreamReset.OVERFLOW ? ResponseFlag.UO : ResponseFlag.UF);
        request = null;
        lane.ready(this); // another attempt, if there is one left
    }

    private void pass() {
        TunnelRequest current = Objects.requireNonNull(request);
        for (ByteBuf bytes = downstream.poll(); bytes != null; bytes = downstream.poll()) {
            int length = bytes.readableBytes();
            idle.active();
            info.bytesReceived += length;
            filter.stats().rxBytesTotal.add(loop.stats(), length);
            current.write(bytes);
        }
        if (downstream.inputEnded()) {
            if (!inputPassed) {
                inputPassed = true;
                current.end();
            }
        } else {
            regulate(current.writable());
        }
        if (owed > 0 && downstream.writable()) {
            int bytes = owed;
            owed = 0;
            current.consumed(bytes);
        }
    }

    private void regulate(boolean room) {
        if (room != downstream.reading()) {
            downstream.read(room);
            (room ? filter.stats().resumedReading : filter.stats().pausedReading).inc(loop.stats());
        }
    }

    // ---- the end --------------------------------------------------------------------------------------------------

    /** The endpoint says no more: what it has said still leaves. */
    private void close() {
        phase = Phase.CLOSING;
        if (request != null && !answerPassed) {
            request.abandon();
        }
        downstream.read(true); // what is unread when a socket closes makes a reset of its end
        downstream.closeAfterFlush();
    }

    private void dropInput() {
        for (ByteBuf bytes = downstream.poll(); bytes != null; bytes = downstream.poll()) {
            bytes.release();
        }
    }

    @Override
    public void closeNow() {
        if (phase == Phase.OVER) {
            return;
        }
        if (request != null) {
            request.abandon();
        }
        phase = Phase.OVER;
        idle.cancel();
        if (durationTimer != null) {
            durationTimer.cancel();
        }
        downstream.close();
        lane.ended(this);
        info.endNanos = loop.nanoTime();
        owner.closed(downstream.channel());
        info.accessLogType = "TcpConnectionEnd";
        filter.log(info, scratch);
    }

    @Override
    protected void fail(Throwable cause) {
        closeNow();
    }

    private final class DurationTimer extends TimerWheel.Timer {
        @Override
        protected void expired() {
            durationOver = true;
            lane.ready(TunnelingSession.this);
        }
    }

    @Override
    public String toString() {
        return "tunneling session " + owner.id();
    }
}
