package dev.starling.runtime.upstream;

import dev.starling.lb.Endpoint;
import dev.starling.runtime.cluster.CircuitBreaker;
import dev.starling.runtime.cluster.ClusterStats;
import dev.starling.runtime.codec.Http1ClientConnection;
import dev.starling.runtime.loop.Loop;
import dev.starling.runtime.message.StreamReset;
import dev.starling.runtime.message.UpstreamStream;
import io.netty.channel.Channel;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.concurrent.TimeUnit;

/**
 * The HTTP/1.1 connections of one loop to one endpoint at one routing priority, and the requests that wait for one.
 * Rules as Envoy's connection pool: a request takes the connection used last, or waits and makes the pool connect; a
 * failed connect fails all that wait; a pool without connections may always open one, whatever the breaker says.
 */
public final class HostPool {

    /** New connections one event may open. */
    private static final int CONNECTS_PER_EVENT = 3;

    private final Loop loop;
    private final LoopCluster cluster;
    private final Endpoint endpoint;
    private final CircuitBreaker breaker;
    private final ClusterStats stats;

    private final ArrayDeque<PooledConnection> idle = new ArrayDeque<>();
    private final ArrayDeque<StreamRequest> pending = new ArrayDeque<>();
    private final ArrayList<PooledConnection> connections = new ArrayList<>();
    private int connecting;
    private boolean draining;

    HostPool(LoopCluster cluster, Endpoint endpoint, CircuitBreaker breaker) {
        this.loop = cluster.loop();
        this.cluster = cluster;
        this.endpoint = endpoint;
        this.breaker = breaker;
        this.stats = cluster.traffic().stats();
    }

    /** Answers with a stream, at once or later, or with a failure. */
    public void newStream(StreamRequest request) {
        PooledConnection connection = idle.pollLast();
        if (connection != null) {
            if (!attach(connection, request)) {
                idle.addLast(connection);
                overflow(request);
            }
            return;
        }
        if (!breaker.pendingRequests().available()) {
            stats.rqPendingOverflow.inc(loop.stats());
            request.onStreamFailed(StreamReset.OVERFLOW, "");
            return;
        }
        breaker.pendingRequests().acquire();
        stats.rqPendingTotal.inc(loop.stats());
        stats.rqPendingActive.add(loop.stats(), 1);
        request.queuedIn = this;
        pending.addLast(request);
        connectMaybe();
    }

    /** Gives the request the connection, unless the breaker allows no more requests. */
    private boolean attach(PooledConnection connection, StreamRequest request) {
        if (!breaker.requests().available()) {
            return false;
        }
        breaker.requests().acquire();
        stats.rqTotal.inc(loop.stats());
        stats.rqActive.add(loop.stats(), 1);
        endpoint.state().requestStarted();
        UpstreamStream stream = connection.start(request);
        request.onStreamReady(stream);
        return true;
    }

    private void overflow(StreamRequest request) {
        stats.rqActiveOverflow.inc(loop.stats());
        request.onStreamFailed(StreamReset.OVERFLOW, "");
    }

    private void connectMaybe() {
        for (int opened = 0; opened < CONNECTS_PER_EVENT && connecting < pending.size(); opened++) {
            if (!breaker.connections().available()) {
                stats.cxOverflow.inc(loop.stats());
                if (!connections.isEmpty()) {
                    return;
                }
            }
            connect();
        }
    }

    private void connect() {
        connecting++;
        PooledConnection connection = new PooledConnection(this, cluster);
        connections.add(connection);
        connection.connect();
    }

    /** A connection is open. */
    void onConnected(PooledConnection connection) {
        connecting--;
        onFree(connection);
    }

    /** Those that wait get it in turn, until one is let through; what has served its requests serves no other. */
    void onFree(PooledConnection connection) {
        if (connection.spent()) {
            connection.close();
            return;
        }
        for (StreamRequest next = takePending(); next != null; next = takePending()) {
            if (attach(connection, next)) {
                return;
            }
            overflow(next);
        }
        if (draining) {
            connection.close();
        } else {
            idle.addLast(connection);
        }
    }

    private @org.jspecify.annotations.Nullable StreamRequest takePending() {
        StreamRequest request = pending.pollFirst();
        if (request != null) {
            notPending(request);
        }
        return request;
    }

    private void notPending(StreamRequest request) {
        request.queuedIn = null;
        breaker.pendingRequests().release();
        stats.rqPendingActive.add(loop.stats(), -1);
    }

    /** A connection could not be opened: all that wait fail with it. */
    void onConnectFailed(PooledConnection connection, StreamReset reason, String detail) {
        connecting--;
        connections.remove(connection);
        ArrayList<StreamRequest> failed = new ArrayList<>(pending);
        pending.clear();
        for (StreamRequest request : failed) {
            notPending(request);
            stats.rqPendingFailureEject.inc(loop.stats());
        }
        for (StreamRequest request : failed) {
            request.onStreamFailed(reason, detail);
        }
        emptyMaybe();
    }

    void onClosed(PooledConnection connection) {
        connections.remove(connection);
        idle.remove(connection);
        connectMaybe();
        emptyMaybe();
    }

    void cancel(StreamRequest request) {
        if (pending.remove(request)) {
            notPending(request);
            stats.rqCancelled.inc(loop.stats());
            if (connecting > pending.size()) {
                for (PooledConnection connection : connections) {
                    if (connection.connecting()) {
                        connection.abandon();
                        connecting--;
                        connections.remove(connection);
                        break;
                    }
                }
                emptyMaybe();
            }
        }
    }

    /** The endpoint left or its health failed: idle connections close now, the others after their request. */
    void drain() {
        draining = true;
        for (PooledConnection connection = idle.pollFirst(); connection != null; connection = idle.pollFirst()) {
            connection.close();
        }
        emptyMaybe();
    }

    private void emptyMaybe() {
        if (draining && connections.isEmpty() && pending.isEmpty()) {
            cluster.onPoolEmpty(this);
        }
    }

    Endpoint endpoint() {
        return endpoint;
    }

    CircuitBreaker breaker() {
        return breaker;
    }

    boolean draining() {
        return draining;
    }

    /** What one connection of the pool is, from connect to close. */
    static final class PooledConnection implements Http1ClientConnection.Owner {

        private final HostPool pool;
        private final LoopCluster cluster;
        private final Loop loop;
        private final ClusterStats stats;
        private final long startedNanos;
        private @org.jspecify.annotations.Nullable Http1ClientConnection connection;
        private @org.jspecify.annotations.Nullable Connecting attempt;
        private final IdleTimer idleTimer = new IdleTimer();
        private final DurationTimer durationTimer = new DurationTimer();
        private long idleSinceNanos;
        private boolean drainAfterRequest;

        PooledConnection(HostPool pool, LoopCluster cluster) {
            this.pool = pool;
            this.cluster = cluster;
            this.loop = pool.loop;
            this.stats = pool.stats;
            this.startedNanos = loop.nanoTime();
        }

        void connect() {
            stats.cxTotal.inc(loop.stats());
            stats.cxHttp1Total.inc(loop.stats());
            stats.cxActive.add(loop.stats(), 1);
            pool.breaker.connections().acquire();
            pool.endpoint.state().connectionsTotal().increment();
            pool.endpoint.state().connectionOpened();
            attempt = new Connecting(
                    loop, cluster.transport(), pool.endpoint.address(), cluster.settings(), new Connecting.Outcome() {
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
                    pool.endpoint,
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
            pool.endpoint.state().connectFailures().increment();
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
            pool.breaker.connections().release();
            pool.endpoint.state().connectionClosed();
        }

        UpstreamStream start(StreamRequest request) {
            return java.util.Objects.requireNonNull(connection).start(request);
        }

        /** Whether it has served all the requests it may. */
        boolean spent() {
            int limit = cluster.settings().http().maxRequestsPerConnection();
            boolean limited =
                    limit > 0 && java.util.Objects.requireNonNull(connection).requests() >= limit;
            if (limited) {
                stats.cxMaxRequests.inc(loop.stats());
            }
            return limited || drainAfterRequest;
        }

        void close() {
            java.util.Objects.requireNonNull(connection).close();
        }

        @Override
        public void onReusable(Http1ClientConnection reusable) {
            requestEnded();
            idleSinceNanos = loop.nanoTime();
            pool.onFree(this);
        }

        private void requestEnded() {
            pool.breaker.requests().release();
            stats.rqActive.add(loop.stats(), -1);
            pool.endpoint.state().requestEnded();
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
        private final class DurationTimer extends dev.starling.runtime.loop.TimerWheel.Timer {
            @Override
            protected void expired() {
                stats.cxMaxDurationReached.inc(loop.stats());
                drainAfterRequest = true;
                if (!java.util.Objects.requireNonNull(connection).serving()) {
                    close();
                }
            }
        }

        /** Armed once: at its time it looks how long the connection has really been idle, and waits for the rest. */
        private final class IdleTimer extends dev.starling.runtime.loop.TimerWheel.Timer {
            @Override
            protected void expired() {
                long timeout = cluster.settings().http().idleTimeout().toNanos();
                Http1ClientConnection open = java.util.Objects.requireNonNull(connection);
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
}
