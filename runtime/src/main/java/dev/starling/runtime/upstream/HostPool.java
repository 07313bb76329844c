package dev.starling.runtime.upstream;

import dev.starling.lb.Endpoint;
import dev.starling.runtime.cluster.CircuitBreaker;
import dev.starling.runtime.cluster.ClusterStats;
import dev.starling.runtime.loop.Loop;
import dev.starling.runtime.message.StreamReset;
import dev.starling.runtime.message.UpstreamStream;
import dev.starling.runtime.upstream.LoopCluster.PoolKey;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The connections of one loop to one endpoint at one routing priority, and the requests that wait for room on one. Rules as
 * Envoy's connection pool: a request takes the connection that had room last, or waits and makes the pool connect if what
 * is being opened has not room enough; a failed connect fails all that wait; a pool without connections may always open
 * one, whatever the breaker says. (docs/decisions/0015-upstream-http2.md)
 */
public final class HostPool {

    /** New connections one event may open. */
    private static final int CONNECTS_PER_EVENT = 3;

    private final Loop loop;
    private final LoopCluster cluster;
    private final Endpoint endpoint;
    private final CircuitBreaker breaker;
    private final PoolKey key;
    private final PoolProtocol protocol;
    private final @Nullable ByteBuffer preamble;
    private final ClusterStats stats;

    /** Connections with room, the one that had none for the longest time first. */
    private final ArrayDeque<PooledConnection> ready = new ArrayDeque<>();

    private final ArrayDeque<StreamRequest> pending = new ArrayDeque<>();
    private final ArrayList<PooledConnection> connections = new ArrayList<>();

    /** Streams that connections which are being opened, or whose peers have not said what they allow, will have room for. */
    private long promised;

    private boolean draining;

    /** What was agreed with the endpoint last, where that is negotiated. */
    private boolean agreedOnHttp1;

    /** @param preamble what each connection begins with; null for nothing */
    HostPool(
            LoopCluster cluster,
            PoolKey key,
            Endpoint endpoint,
            CircuitBreaker breaker,
            @Nullable ByteBuffer preamble) {
        this.loop = cluster.loop();
        this.cluster = cluster;
        this.endpoint = endpoint;
        this.breaker = breaker;
        this.key = key;
        this.protocol = key.protocol();
        this.preamble = preamble;
        this.stats = cluster.traffic().stats();
    }

    /** Answers with a stream, at once or later, or with a failure. */
    public void newStream(StreamRequest request) {
        PooledConnection connection = withRoom();
        if (connection != null) {
            if (!attach(connection, request)) {
                overflow(request);
            }
            return;
        }
        if (!breaker.pendingRequests().available()) {
            stats.rqPendingOverflow.inc(loop.stats());
            request.turnAway();
            return;
        }
        breaker.pendingRequests().acquire();
        stats.rqPendingTotal.inc(loop.stats());
        stats.rqPendingActive.add(loop.stats(), 1);
        request.queuedIn = this;
        pending.addLast(request);
        connectMaybe();
    }

    /** A connection may have been closed, by either side, and not yet have said so. */
    private @Nullable PooledConnection withRoom() {
        PooledConnection connection = ready.peekLast();
        while (connection != null && connection.room() == 0) {
            unlist(connection);
            connection = ready.peekLast();
        }
        return connection;
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
        if (connection.room() == 0) {
            unlist(connection);
        }
        request.onStreamReady(stream);
        return true;
    }

    private void overflow(StreamRequest request) {
        stats.rqActiveOverflow.inc(loop.stats());
        request.onStreamFailed(StreamReset.OVERFLOW, "");
    }

    private void connectMaybe() {
        for (int opened = 0; opened < CONNECTS_PER_EVENT && promised < pending.size(); opened++) {
            if (!breaker.connections().available()) {
                stats.cxOverflow.inc(loop.stats());
                if (!connections.isEmpty()) {
                    return;
                }
            }
            PooledConnection connection = new PooledConnection(this, cluster);
            connections.add(connection);
            connection.connect();
        }
    }

    /** A connection will have room for more, or less, than it said before. */
    void promise(int change) {
        promised += change;
    }

    /**
     * A connection is open, or a stream of it has ended, or its peer allows more, or less. Those that wait get the room in
     * turn; not at once where the end of one exchange would begin another inside of it.
     */
    void onRoom(PooledConnection connection) {
        if (pending.isEmpty() || protocol == PoolProtocol.HTTP_1) {
            serve(connection);
        } else {
            loop.eventLoop().execute(() -> serve(connection));
        }
    }

    private void serve(PooledConnection connection) {
        while (connection.room() > 0 && !pending.isEmpty()) {
            StreamRequest next = Objects.requireNonNull(takePending());
            if (!attach(connection, next)) {
                overflow(next);
            }
        }
        if (connection.idle() && (draining || connection.draining())) {
            connection.close();
        } else if (connection.room() == 0) {
            unlist(connection);
        } else if (!connection.listed) {
            connection.listed = true;
            ready.addLast(connection);
        }
        connectMaybe();
    }

    private void unlist(PooledConnection connection) {
        if (connection.listed) {
            connection.listed = false;
            if (ready.peekLast() == connection) {
                ready.pollLast();
            } else {
                ready.remove(connection);
            }
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
        unlist(connection);
        connectMaybe();
        emptyMaybe();
    }

    void cancel(StreamRequest request) {
        if (!pending.remove(request)) {
            return;
        }
        notPending(request);
        stats.rqCancelled.inc(loop.stats());
        for (PooledConnection connection : connections) {
            if (connection.connecting() && promised - connection.promised() >= pending.size()) {
                connection.abandon();
                connections.remove(connection);
                break;
            }
        }
        emptyMaybe();
    }

    /** The endpoint left or its health failed: idle connections close now, the others after their last request. */
    void drain() {
        draining = true;
        for (PooledConnection connection : new ArrayList<>(ready)) {
            if (connection.idle()) {
                connection.close();
            }
        }
        emptyMaybe();
    }

    private void emptyMaybe() {
        if ((draining || key.particular()) && connections.isEmpty() && pending.isEmpty()) {
            cluster.onPoolEmpty(this);
        }
    }

    Endpoint endpoint() {
        return endpoint;
    }

    CircuitBreaker breaker() {
        return breaker;
    }

    PoolKey key() {
        return key;
    }

    @Nullable
    ByteBuffer preamble() {
        return preamble;
    }

    PoolProtocol protocol() {
        return protocol;
    }

    boolean agreedOnHttp1() {
        return agreedOnHttp1;
    }

    void agreedOnHttp1(boolean agreed) {
        agreedOnHttp1 = agreed;
    }

    boolean draining() {
        return draining;
    }
}
