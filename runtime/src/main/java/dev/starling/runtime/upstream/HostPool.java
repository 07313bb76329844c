package dev.starling.runtime.upstream;

import dev.starling.lb.Endpoint;
import dev.starling.runtime.cluster.CircuitBreaker;
import dev.starling.runtime.cluster.ClusterStats;
import dev.starling.runtime.loop.Loop;
import dev.starling.runtime.message.StreamReset;
import dev.starling.runtime.message.UpstreamStream;
import java.util.ArrayDeque;
import java.util.ArrayList;
import org.jspecify.annotations.Nullable;

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

    private @Nullable StreamRequest takePending() {
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
}
