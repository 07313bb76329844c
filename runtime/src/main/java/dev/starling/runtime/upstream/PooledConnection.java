package dev.starling.runtime.upstream;

import dev.starling.lb.Endpoint;
import dev.starling.runtime.cluster.CircuitBreaker;
import dev.starling.runtime.cluster.ClusterStats;
import dev.starling.runtime.codec.Http1ClientConnection;
import dev.starling.runtime.loop.Loop;
import dev.starling.runtime.loop.TimerWheel;
import dev.starling.runtime.message.StreamReset;
import dev.starling.runtime.message.UpstreamStream;
import io.netty.channel.Channel;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** What one connection of the pool is, from connect to close. */
final class PooledConnection implements Http1ClientConnection.Owner {

    private final HostPool pool;
    private final LoopCluster cluster;
    private final Endpoint endpoint;
    private final CircuitBreaker breaker;
    private final Loop loop;
    private final ClusterStats stats;
    private final long startedNanos;
    private @Nullable Http1ClientConnection connection;
    private @Nullable Connecting attempt;
    private final IdleTimer idleTimer = new IdleTimer();
    private final DurationTimer durationTimer = new DurationTimer();
    private long idleSinceNanos;
    private boolean drainAfterRequest;

    PooledConnection(HostPool pool, LoopCluster cluster) {
        this.pool = pool;
        this.cluster = cluster;
        this.endpoint = pool.endpoint();
        this.breaker = pool.breaker();
        this.loop = cluster.loop();
        this.stats = cluster.traffic().stats();
        this.startedNanos = loop.nanoTime();
    }

    void connect() {
        stats.cxTotal.inc(loop.stats());
        stats.cxHttp1Total.inc(loop.stats());
        stats.cxActive.add(loop.stats(), 1);
        breaker.connections().acquire();
        endpoint.state().connectionsTotal().increment();
        endpoint.state().connectionOpened();
        attempt = new Connecting(
                loop, cluster.transport(), endpoint.address(), cluster.settings(), new Connecting.Outcome() {
                    @Override
                    public void connected(Channel channel) {
                        opened(channel);
                    }

                    @Override
                    public void failed(StreamReset reason, String detail) {
                        connectFailed(reason, detail);
                    }
                });
        attempt.start();
    }

    private void opened(Channel channel) {
        attempt = null;
        stats.cxConnectMs.record(loop.stats(), TimeUnit.NANOSECONDS.toMillis(loop.nanoTime() - startedNanos));
        connection = new Http1ClientConnection(
                loop,
                channel,
                endpoint,
                cluster.settings().http(),
                cluster.settings().perConnectionBufferLimit().clampedToInt(),
                this);
        channel.pipeline().addLast(connection);
        channel.config().setAutoRead(true);
        idleSinceNanos = loop.nanoTime();
        armIdle(cluster.settings().http().idleTimeout().toNanos());
        cluster.settings()
                .http()
                .maxConnectionDuration()
                .ifPresent(limit -> loop.timers().arm(durationTimer, limit.toNanos()));
        pool.onConnected(this);
    }

    private void connectFailed(StreamReset reason, String detail) {
        attempt = null;
        stats.cxConnectFail.inc(loop.stats());
        stats.cxDestroy.inc(loop.stats());
        if (reason == StreamReset.CONNECTION_TIMEOUT) {
            stats.cxConnectTimeout.inc(loop.stats());
            stats.cxDestroyLocal.inc(loop.stats());
        } else {
            stats.cxDestroyRemote.inc(loop.stats());
        }
        endpoint.state().connectFailures().increment();
        released();
        pool.onConnectFailed(this, reason, detail);
    }

    boolean connecting() {
        return attempt != null;
    }

    void abandon() {
        if (attempt != null) {
            attempt.cancel();
            attempt = null;
            stats.cxDestroy.inc(loop.stats());
            stats.cxDestroyLocal.inc(loop.stats());
            released();
        }
    }

    private void released() {
        stats.cxActive.add(loop.stats(), -1);
        breaker.connections().release();
        endpoint.state().connectionClosed();
    }

    UpstreamStream start(StreamRequest request) {
        return Objects.requireNonNull(connection).start(request);
    }

    /** Whether it has served all the requests it may. */
    boolean spent() {
        int limit = cluster.settings().http().maxRequestsPerConnection();
        boolean limited = limit > 0 && Objects.requireNonNull(connection).requests() >= limit;
        if (limited) {
            stats.cxMaxRequests.inc(loop.stats());
        }
        return limited || drainAfterRequest;
    }

    void close() {
        Objects.requireNonNull(connection).close();
    }

    @Override
    public void onReusable(Http1ClientConnection reusable) {
        requestEnded();
        idleSinceNanos = loop.nanoTime();
        pool.onFree(this);
    }

    private void requestEnded() {
        breaker.requests().release();
        stats.rqActive.add(loop.stats(), -1);
        endpoint.state().requestEnded();
    }

    @Override
    public void onClosed(Http1ClientConnection closed, boolean remote, boolean withActiveRequest) {
        idleTimer.cancel();
        durationTimer.cancel();
        if (closed.requestOpen()) {
            requestEnded();
        }
        stats.cxDestroy.inc(loop.stats());
        (remote ? stats.cxDestroyRemote : stats.cxDestroyLocal).inc(loop.stats());
        if (withActiveRequest) {
            stats.cxDestroyWithActiveRq.inc(loop.stats());
            (remote ? stats.cxDestroyRemoteWithActiveRq : stats.cxDestroyLocalWithActiveRq).inc(loop.stats());
        }
        stats.cxLengthMs.record(loop.stats(), TimeUnit.NANOSECONDS.toMillis(loop.nanoTime() - startedNanos));
        released();
        pool.onClosed(this);
    }

    @Override
    public void onProtocolError(Http1ClientConnection broken) {
        stats.cxProtocolError.inc(loop.stats());
    }

    @Override
    public void onCloseNotify() {
        stats.cxCloseNotify.inc(loop.stats());
    }

    @Override
    public void onBytes(long read, long written) {
        stats.cxRxBytesTotal.add(loop.stats(), read);
        stats.cxTxBytesTotal.add(loop.stats(), written);
    }

    @Override
    public void onReadPaused(boolean paused) {
        (paused ? stats.flowControlPausedReading : stats.flowControlResumedReading).inc(loop.stats());
    }

    private void armIdle(long nanos) {
        if (nanos > 0) {
            loop.timers().arm(idleTimer, nanos);
        }
    }

    /** The connection is old: closes now if it is idle, or after its request. */
    private final class DurationTimer extends TimerWheel.Timer {
        @Override
        protected void expired() {
            stats.cxMaxDurationReached.inc(loop.stats());
            drainAfterRequest = true;
            if (!Objects.requireNonNull(connection).serving()) {
                close();
            }
        }
    }

    /** Armed once: at its time it looks how long the connection has really been idle, and waits for the rest. */
    private final class IdleTimer extends TimerWheel.Timer {
        @Override
        protected void expired() {
            long timeout = cluster.settings().http().idleTimeout().toNanos();
            Http1ClientConnection open = Objects.requireNonNull(connection);
            long idle = open.serving() ? 0 : loop.nanoTime() - idleSinceNanos;
            if (idle >= timeout) {
                stats.cxIdleTimeout.inc(loop.stats());
                close();
            } else {
                armIdle(timeout - idle);
            }
        }
    }
}
