package dev.starling.runtime.upstream;

import dev.starling.lb.Endpoint;
import dev.starling.runtime.cluster.CircuitBreaker;
import dev.starling.runtime.cluster.ClusterStats;
import dev.starling.runtime.codec.ClientConnection;
import dev.starling.runtime.codec.Http1ClientConnection;
import dev.starling.runtime.codec.http2.Http2ClientConnection;
import dev.starling.runtime.loop.Loop;
import dev.starling.runtime.loop.TimerWheel;
import dev.starling.runtime.message.StreamReset;
import dev.starling.runtime.message.UpstreamStream;
import dev.starling.runtime.tls.EndpointTls;
import dev.starling.runtime.tls.PeerNames;
import io.netty.channel.Channel;
import io.netty.handler.ssl.SslHandler;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** What one connection of the pool is, from connect to close. */
final class PooledConnection implements ClientConnection.Owner {

    private final HostPool pool;
    private final LoopCluster cluster;
    private final Endpoint endpoint;
    private final CircuitBreaker breaker;
    private final Loop loop;
    private final ClusterStats stats;
    private final long startedNanos;
    private @Nullable ClientConnection connection;
    private @Nullable Connecting attempt;
    private final IdleTimer idleTimer = new IdleTimer();
    private final DurationTimer durationTimer = new DurationTimer();
    private long idleSinceNanos;
    private boolean draining;

    /** Streams that may still be started. */
    private int remaining;

    /** What the pool was told. */
    private int promised;

    /** Whether it is among the pool's connections with room. */
    boolean listed;

    PooledConnection(HostPool pool, LoopCluster cluster) {
        this.pool = pool;
        this.cluster = cluster;
        this.endpoint = pool.endpoint();
        this.breaker = pool.breaker();
        this.loop = cluster.loop();
        this.stats = cluster.traffic().stats();
        this.startedNanos = loop.nanoTime();
        int limit = cluster.settings().http().maxRequestsPerConnection();
        this.remaining = limit > 0 ? limit : Integer.MAX_VALUE;
    }

    void connect() {
        stats.cxTotal.inc(loop.stats());
        boolean many = switch (pool.protocol()) {
            case HTTP_1 -> {
                stats.cxHttp1Total.inc(loop.stats());
                yield false;
            }
            case HTTP_2 -> {
                stats.cxHttp2Total.inc(loop.stats());
                yield true;
            }
            case NEGOTIATED -> !pool.agreedOnHttp1();
        };
        promise(many ? Math.min(remaining, maxStreams()) : 1);
        stats.cxActive.add(loop.stats(), 1);
        breaker.connections().acquire();
        endpoint.state().connectionsTotal().increment();
        endpoint.state().connectionOpened();
        attempt = new Connecting(
                loop, cluster.transport(), endpoint.address(), cluster.settings(), tls(), new Connecting.Outcome() {
                    @Override
                    public void connected(Channel channel) {
                        opened(channel);
                    }

                    @Override
                    public void failed(StreamReset reason, String detail) {
                        connectFailed(reason, detail);
                    }
                });
        attempt.saying(pool.preamble()).start();
    }

    private @Nullable EndpointTls tls() {
        EndpointTls tls = cluster.traffic().tls(endpoint);
        if (tls == null) {
            return null;
        }
        PeerNames names = pool.key().names();
        return (names == null ? tls : tls.known(names)).offering(pool.protocol().alpn());
    }

    private void opened(Channel channel) {
        attempt = null;
        stats.cxConnectMs.record(loop.stats(), TimeUnit.NANOSECONDS.toMillis(loop.nanoTime() - startedNanos));
        boolean http2 = switch (pool.protocol()) {
            case HTTP_1 -> false;
            case HTTP_2 -> true;
            case NEGOTIATED -> agreedOnHttp2(channel);
        };
        connection = http2 ? http2(channel) : http1(channel);
        channel.config().setAutoRead(true);
        idleSinceNanos = loop.nanoTime();
        armIdle(cluster.settings().http().idleTimeout().toNanos());
        cluster.settings()
                .http()
                .maxConnectionDuration()
                .ifPresent(limit -> loop.timers().arm(durationTimer, limit.toNanos()));
        onRoom();
    }

    private boolean agreedOnHttp2(Channel channel) {
        SslHandler tls = channel.pipeline().get(SslHandler.class);
        boolean http2 = tls != null && "h2".equals(tls.applicationProtocol());
        (http2 ? stats.cxHttp2Total : stats.cxHttp1Total).inc(loop.stats());
        pool.agreedOnHttp1(!http2);
        return http2;
    }

    private ClientConnection http1(Channel channel) {
        var opened = new Http1ClientConnection(
                loop, channel, endpoint, cluster.settings().http(), bufferLimit(), this);
        channel.pipeline().addLast(opened);
        return opened;
    }

    private ClientConnection http2(Channel channel) {
        var opened = new Http2ClientConnection(
                loop,
                channel,
                endpoint,
                cluster.settings().http(),
                bufferLimit(),
                cluster.traffic().http2Stats(),
                this);
        channel.pipeline().addLast(opened);
        return opened;
    }

    private int bufferLimit() {
        return cluster.settings().perConnectionBufferLimit().clampedToInt();
    }

    private int maxStreams() {
        return cluster.settings().http().http2().maxConcurrentStreams();
    }

    private void promise(int streams) {
        pool.promise(streams - promised);
        promised = streams;
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
        promise(0);
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
            promise(0);
        }
    }

    private void released() {
        stats.cxActive.add(loop.stats(), -1);
        breaker.connections().release();
        endpoint.state().connectionClosed();
    }

    UpstreamStream start(StreamRequest request) {
        if (--remaining == 0) {
            stats.cxMaxRequests.inc(loop.stats());
            draining = true;
        }
        return Objects.requireNonNull(connection).start(request);
    }

    /** Streams that may be started now. */
    int room() {
        return draining || connection == null ? 0 : Math.min(remaining, connection.room());
    }

    int promised() {
        return promised;
    }

    /** Whether it is open and serves nothing. */
    boolean idle() {
        return connection != null && connection.openStreams() == 0;
    }

    /** Whether it has served all that it may. */
    boolean draining() {
        return draining;
    }

    void close() {
        draining = true;
        Objects.requireNonNull(connection).close();
    }

    /** No more streams; closes when those that it has are over. */
    private void drain() {
        draining = true;
        onRoom();
    }

    @Override
    public void onStreamEnded() {
        requestEnded();
        idleSinceNanos = loop.nanoTime();
    }

    private void requestEnded() {
        breaker.requests().release();
        stats.rqActive.add(loop.stats(), -1);
        endpoint.state().requestEnded();
    }

    @Override
    public void onRoom() {
        ClientConnection open = Objects.requireNonNull(connection);
        promise(draining ? 0 : Math.min(remaining, open.promised()));
        pool.onRoom(this);
    }

    @Override
    public void onStreamReset(StreamReset reason) {
        switch (reason) {
            case CONNECTION_TERMINATION, LOCAL_CONNECTION_FAILURE, REMOTE_CONNECTION_FAILURE, CONNECTION_TIMEOUT ->
                stats.rqPendingFailureEject.inc(loop.stats());
            case LOCAL_RESET, PROTOCOL_ERROR -> stats.rqTxReset.inc(loop.stats());
            case REMOTE_RESET -> stats.rqRxReset.inc(loop.stats());
            case REMOTE_REFUSED_STREAM, CONNECT_ERROR, OVERFLOW -> {}
        }
    }

    @Override
    public void onClosed(ClientConnection closed, boolean remote, boolean withActiveRequest) {
        idleTimer.cancel();
        durationTimer.cancel();
        for (int open = closed.openStreams(); open > 0; open--) {
            requestEnded();
        }
        promise(0);
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
    public void onProtocolError() {
        stats.cxProtocolError.inc(loop.stats());
    }

    @Override
    public void onCloseNotify() {
        stats.cxCloseNotify.inc(loop.stats());
        draining = true;
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

    /** The connection is old: closes now if it is idle, or after its last request. */
    private final class DurationTimer extends TimerWheel.Timer {
        @Override
        protected void expired() {
            stats.cxMaxDurationReached.inc(loop.stats());
            drain();
        }
    }

    /** Armed once: at its time it looks how long the connection has really been idle, and waits for the rest. */
    private final class IdleTimer extends TimerWheel.Timer {
        @Override
        protected void expired() {
            long timeout = cluster.settings().http().idleTimeout().toNanos();
            long idle = idle() ? loop.nanoTime() - idleSinceNanos : 0;
            if (idle >= timeout) {
                stats.cxIdleTimeout.inc(loop.stats());
                close();
            } else {
                armIdle(timeout - idle);
            }
        }
    }
}
