package dev.starling.runtime.network.tcpproxy;

import dev.starling.runtime.accesslog.ResponseFlag;
import dev.starling.runtime.accesslog.StreamInfo;
import dev.starling.runtime.cluster.ClusterStats;
import dev.starling.runtime.loop.Loop;
import dev.starling.runtime.loop.Ready;
import dev.starling.runtime.loop.TimerWheel;
import dev.starling.runtime.network.ConnectionOwner;
import dev.starling.runtime.network.RawConnection;
import dev.starling.runtime.network.RawLane;
import dev.starling.runtime.network.RawSession;
import dev.starling.runtime.stats.Counter;
import dev.starling.runtime.upstream.LoopClusters;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One client connection and the connection to an endpoint that answers it: what one side sends, the other is sent, until
 * both have ended, one breaks, or time is up. Confined to the loop.
 */
final class TcpSession extends Ready implements RawSession, RawConnection.Owner, EndpointSearch.Seeker {

    private final TcpProxyFilter filter;
    private final RawLane<TcpSession> lane;
    private final StringBuilder logScratch;
    private final Loop loop;
    private final ConnectionOwner owner;
    private final RawConnection downstream;
    private final StreamInfo info;
    private final EndpointSearch search;
    private final IdleTimer idleTimer = new IdleTimer();
    private final long idleNanos;

    private Phase phase = Phase.SEARCHING;
    private @Nullable DurationTimer durationTimer;
    private @Nullable UpstreamLeg leg;
    private @Nullable RawConnection upstream;
    private long activeNanos;
    private long drainingBytes;
    private boolean idleDue;
    private boolean durationOver;
    private boolean flushing;
    private boolean downstreamGone;

    private enum Phase {
        /** For an endpoint that takes a connection. */
        SEARCHING,
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
        this.logScratch = logScratch;
        this.loop = lane.loop();
        this.owner = owner;
        this.info = owner.info();
        this.search = new EndpointSearch(filter, clusters, loop, info, this);
        this.idleNanos = filter.config().idleTimeout().toNanos();
        this.downstream = RawConnection.over(channel, loop, this).reportBuffered(filter.stats().txBytesBuffered);
        filter.stats().cxTotal.inc(loop.stats());
        filter.config().maxDownstreamConnectionDuration().ifPresent(this::limitDuration);
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
        } else {
            search.turn();
        }
    }

    @Override
    public void refused(ResponseFlag why) {
        info.flag(why);
        closeNow();
    }

    @Override
    public void found(UpstreamLeg opened, Channel channel) {
        leg = opened;
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
        } else {
            search.cancel();
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
            info.accessLogType = "TcpConnectionEnd";
            filter.log(info, logScratch);
        }
    }

    @Override
    protected void fail(Throwable cause) {
        closeNow();
    }

    private UpstreamLeg requireLeg() {
        return Objects.requireNonNull(leg);
    }

    private RawConnection requireUpstream() {
        return Objects.requireNonNull(upstream);
    }

    @Override
    public String toString() {
        return "tcp session " + owner.id();
    }
}
