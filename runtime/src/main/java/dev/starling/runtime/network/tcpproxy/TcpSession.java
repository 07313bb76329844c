package dev.starling.runtime.network.tcpproxy;

import dev.starling.config.route.RouteAction.RoutingPriority;
import dev.starling.lb.Endpoint;
import dev.starling.lb.Pick;
import dev.starling.runtime.accesslog.ResponseFlag;
import dev.starling.runtime.accesslog.StreamInfo;
import dev.starling.runtime.cluster.CircuitBreaker;
import dev.starling.runtime.cluster.ClusterSlot;
import dev.starling.runtime.cluster.ClusterStats;
import dev.starling.runtime.loop.Loop;
import dev.starling.runtime.loop.Ready;
import dev.starling.runtime.loop.TimerWheel;
import dev.starling.runtime.message.StreamReset;
import dev.starling.runtime.network.ConnectionOwner;
import dev.starling.runtime.network.RawConnection;
import dev.starling.runtime.network.RawLane;
import dev.starling.runtime.network.RawSession;
import dev.starling.runtime.stats.Counter;
import dev.starling.runtime.upstream.Connecting;
import dev.starling.runtime.upstream.LoopCluster;
import dev.starling.runtime.upstream.LoopClusters;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One client connection and the connection to an endpoint that answers it: what one side sends, the other is sent, until
 * both have ended, one breaks, or time is up. Confined to the loop.
 */
final class TcpSession extends Ready implements RawSession, RawConnection.Owner, Connecting.Outcome {

    private final TcpProxyFilter filter;
    private final RawLane<TcpSession> lane;
    private final LoopClusters clusters;
    private final StringBuilder logScratch;
    private final Loop loop;
    private final ConnectionOwner owner;
    private final RawConnection downstream;
    private final StreamInfo info = new StreamInfo();
    private final ClusterSlot slot;
    private final IdleTimer idleTimer = new IdleTimer();
    private final long idleNanos;

    private Phase phase = Phase.PICKING;
    private @Nullable DurationTimer durationTimer;
    private @Nullable UpstreamLeg leg;
    private @Nullable RawConnection upstream;
    private @Nullable StreamReset connectFailure;
    private long activeNanos;
    private long drainingBytes;
    private boolean idleDue;
    private boolean durationOver;
    private boolean flushing;
    private boolean downstreamGone;

    private enum Phase {
        /** An endpoint is to be picked. */
        PICKING,
        CONNECTING,
        /** Bytes pass. */
        PASSING,
        OVER
    }

    TcpSession(
            TcpProxyFilter filter,
            RawLane<TcpSession> lane,
            LoopClusters clusters,
            StringBuilder logScratch,
            Channel channel,
            ConnectionOwner owner) {
        this.filter = filter;
        this.lane = lane;
        this.clusters = clusters;
        this.logScratch = logScratch;
        this.loop = lane.loop();
        this.owner = owner;
        this.slot = filter.clusters().choose(loop.random());
        this.idleNanos = filter.config().idleTimeout().toNanos();
        this.downstream = RawConnection.over(channel, loop, this).reportBuffered(filter.stats().txBytesBuffered);
        filter.stats().cxTotal.inc(loop.stats());
        describe();
        filter.config().maxDownstreamConnectionDuration().ifPresent(this::limitDuration);
    }

    private void describe() {
        info.startWallMillis = loop.clock().wallMillis();
        info.startNanos = loop.nanoTime();
        info.connectionId = owner.id();
        info.filterChainName = owner.filterChainName();
        info.downstreamLocalAddress = owner.localAddress();
        info.downstreamRemoteAddress = owner.remoteAddress();
        info.downstreamDirectRemoteAddress = owner.remoteAddress();
        info.accessLogType = "TcpConnectionEnd";
    }

    private void limitDuration(Duration limit) {
        durationTimer = new DurationTimer();
        loop.timers().arm(durationTimer, limit.toNanos());
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
        } else if (phase == Phase.PASSING) {
            passingTurn();
        } else if (downstream.broken()) {
            closeNow();
        } else if (connectFailure != null) {
            afterFailure(connectFailure);
        } else if (phase == Phase.PICKING) {
            pickAndConnect();
        }
    }

    // ---- the way to an endpoint -----------------------------------------------------------------------------------

    /** In Envoy's order: cluster, limit of connections, attempts left, endpoint, limit of those that wait. */
    private void pickAndConnect() {
        LoopCluster cluster = clusters.cluster(slot);
        if (cluster == null) {
            filter.stats().cxNoRoute.inc(loop.stats());
            refuse(ResponseFlag.NC);
            return;
        }
        info.clusterName = cluster.settings().name();
        ClusterStats stats = cluster.traffic().stats();
        CircuitBreaker breaker = cluster.traffic().breaker(RoutingPriority.DEFAULT);
        if (!breaker.connections().available()) {
            stats.cxOverflow.inc(loop.stats());
            refuse(ResponseFlag.UO);
        } else if (info.attempts >= filter.config().maxConnectAttempts()) {
            stats.cxConnectAttemptsExceeded.inc(loop.stats());
            refuse(ResponseFlag.URX);
        } else {
            switch (cluster.pick()) {
                case Pick.NoEndpoint none -> {
                    stats.cxNoneHealthy.inc(loop.stats());
                    refuse(ResponseFlag.UH);
                }
                case Endpoint endpoint -> connect(cluster, endpoint, breaker);
            }
        }
    }

    private void connect(LoopCluster cluster, Endpoint endpoint, CircuitBreaker breaker) {
        info.attempts++;
        if (!breaker.pendingRequests().available()) {
            cluster.traffic().stats().rqPendingOverflow.inc(loop.stats());
            lane.ready(this); // another attempt, if there is one left
            return;
        }
        phase = Phase.CONNECTING;
        info.upstreamHost = endpoint.addressText();
        info.upstreamRemoteAddress = endpoint.address();
        UpstreamLeg next = new UpstreamLeg(loop, cluster, endpoint, this);
        leg = next;
        next.connect();
    }

    @Override
    public void connected(Channel channel) {
        UpstreamLeg opened = requireLeg();
        info.upstreamLocalAddress = channel.localAddress();
        opened.connected();
        upstream = RawConnection.over(channel, loop, this);
        phase = Phase.PASSING;
        activeNanos = loop.nanoTime();
        if (idleNanos > 0) {
            loop.timers().arm(idleTimer, idleNanos);
        }
        upstream.read(true);
        downstream.read(true);
        lane.ready(this); // the client may have sent and ended before it was read
    }

    @Override
    public void failed(StreamReset reason, String detail) {
        requireLeg().connectFailed(reason);
        leg = null;
        info.upstreamTransportFailure = detail;
        connectFailure = reason;
        lane.ready(this);
    }

    private void afterFailure(StreamReset reason) {
        connectFailure = null;
        phase = Phase.PICKING;
        if (reason != StreamReset.LOCAL_CONNECTION_FAILURE) {
            info.flag(ResponseFlag.UF);
        }
        pickAndConnect();
    }

    private void refuse(ResponseFlag flag) {
        info.flag(flag);
        closeNow();
    }

    // ---- bytes ----------------------------------------------------------------------------------------------------

    private void passingTurn() {
        RawConnection server = requireUpstream();
        if (idleDue) {
            idleDue = false;
            if (idleAt(loop.nanoTime(), server)) {
                filter.stats().idleTimeout.inc(loop.stats());
                closeNow();
                return;
            }
        }
        ClusterStats cluster = requireLeg().stats();
        TcpProxyStats stats = filter.stats();
        int up = pass(downstream, server, stats.rxBytesTotal, cluster.cxTxBytesTotal);
        int down = pass(server, downstream, cluster.cxRxBytesTotal, stats.txBytesTotal);
        if (up + down > 0) {
            info.bytesReceived += up;
            info.bytesSent += down;
            activeNanos = loop.nanoTime();
        }
        if (server.broken()) {
            info.flag(ResponseFlag.UR);
            legClosed(true);
            server.close();
            downstream.abort();
            over();
        } else if (downstream.broken()) {
            legClosed(false);
            server.abort();
            over();
        } else if (downstream.inputEnded() || server.inputEnded()) {
            passEnds(server);
        } else {
            regulate(downstream, server, stats.pausedReading, stats.resumedReading);
            regulate(server, downstream, cluster.flowControlPausedReading, cluster.flowControlResumedReading);
        }
    }

    private int pass(RawConnection from, RawConnection to, Counter received, Counter sent) {
        int passed = 0;
        for (ByteBuf bytes = from.poll(); bytes != null; bytes = from.poll()) {
            passed += bytes.readableBytes();
            to.write(bytes);
        }
        if (passed > 0) {
            received.add(loop.stats(), passed);
            sent.add(loop.stats(), passed);
        }
        return passed;
    }

    /** What one side has room for is read from the other. */
    private void regulate(RawConnection from, RawConnection to, Counter paused, Counter resumed) {
        boolean room = to.writable();
        if (room != from.reading()) {
            from.read(room);
            (room ? resumed : paused).inc(loop.stats());
        }
    }

    /** A side has ended: so does the other's output, and when both have, the connections. */
    private void passEnds(RawConnection server) {
        activeNanos = loop.nanoTime();
        if (!downstream.inputEnded()) {
            downstream.endOutput();
            TcpProxyStats stats = filter.stats();
            regulate(downstream, server, stats.pausedReading, stats.resumedReading);
            return;
        }
        if (!server.inputEnded()) {
            server.endOutput();
            ClusterStats cluster = requireLeg().stats();
            regulate(server, downstream, cluster.flowControlPausedReading, cluster.flowControlResumedReading);
            return;
        }
        downstream.closeAfterFlush();
        server.closeAfterFlush();
        if (server.closed()) {
            legClosed(server.peerEndedLast());
        }
        if (downstream.closed() && !server.closed() && !flushing) {
            flushing = true;
            filter.stats().upstreamFlushTotal.inc(loop.stats());
            filter.stats().upstreamFlushActive.inc(loop.stats());
        }
        if (downstream.closed()) {
            downstreamGone();
            if (server.closed()) {
                over();
            }
        }
    }

    // ---- time -----------------------------------------------------------------------------------------------------

    /** Armed once: at its time it is asked how long nothing has passed, and the timer waits for the rest. */
    private boolean idleAt(long nowNanos, RawConnection server) {
        long waiting = downstream.pendingBytes() + server.pendingBytes();
        if (waiting > 0 && waiting != drainingBytes) { // a slow reader that reads is not idle
            drainingBytes = waiting;
            activeNanos = nowNanos;
        }
        long rest = idleNanos - (nowNanos - activeNanos);
        if (rest > 0) {
            loop.timers().arm(idleTimer, rest);
        }
        return rest <= 0;
    }

    private final class IdleTimer extends TimerWheel.Timer {
        @Override
        protected void expired() {
            idleDue = true;
            lane.ready(TcpSession.this);
        }
    }

    private final class DurationTimer extends TimerWheel.Timer {
        @Override
        protected void expired() {
            durationOver = true;
            lane.ready(TcpSession.this);
        }
    }

    // ---- the end --------------------------------------------------------------------------------------------------

    @Override
    public void closeNow() {
        if (phase == Phase.OVER) {
            return;
        }
        if (upstream != null) {
            legClosed(false);
            upstream.close();
        } else if (leg != null) {
            leg.cancel();
        }
        over();
    }

    private void legClosed(boolean remote) {
        requireLeg().closed(remote);
        if (flushing) {
            flushing = false;
            filter.stats().upstreamFlushActive.dec(loop.stats());
        }
    }

    private void over() {
        phase = Phase.OVER;
        idleTimer.cancel();
        if (durationTimer != null) {
            durationTimer.cancel();
        }
        downstream.close();
        lane.ended(this);
        downstreamGone();
    }

    private void downstreamGone() {
        if (!downstreamGone) {
            downstreamGone = true;
            info.endNanos = loop.nanoTime();
            owner.closed(downstream.channel());
            filter.log(info, logScratch);
        }
    }

    @Override
    protected void fail(Throwable cause) {
        closeNow();
    }

    private UpstreamLeg requireLeg() {
        return java.util.Objects.requireNonNull(leg);
    }

    private RawConnection requireUpstream() {
        return java.util.Objects.requireNonNull(upstream);
    }

    @Override
    public String toString() {
        return "tcp session " + owner.id();
    }
}
