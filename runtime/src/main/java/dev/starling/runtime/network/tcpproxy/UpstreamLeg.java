package dev.starling.runtime.network.tcpproxy;

import dev.starling.config.route.RouteAction.RoutingPriority;
import dev.starling.lb.Endpoint;
import dev.starling.runtime.cluster.CircuitBreaker;
import dev.starling.runtime.cluster.ClusterStats;
import dev.starling.runtime.cluster.ClusterTraffic;
import dev.starling.runtime.loop.Loop;
import dev.starling.runtime.message.StreamReset;
import dev.starling.runtime.stats.StatsStripe;
import dev.starling.runtime.upstream.Connecting;
import dev.starling.runtime.upstream.LoopCluster;
import java.util.concurrent.TimeUnit;

/**
 * A session's connection to the endpoint that was picked, from the attempt to its end, as cluster and endpoint count it.
 * Envoy takes it from a pool, so it counts as a request too: first as pending, then as active. Confined to the loop.
 */
final class UpstreamLeg {

    private final Loop loop;
    private final Endpoint endpoint;
    private final ClusterTraffic traffic;
    private final ClusterStats stats;
    private final CircuitBreaker breaker;
    private final Connecting connecting;
    private final long startedNanos;
    private boolean over;

    UpstreamLeg(Loop loop, LoopCluster cluster, Endpoint endpoint, Connecting.Outcome outcome) {
        this.loop = loop;
        this.endpoint = endpoint;
        this.traffic = cluster.traffic();
        this.stats = traffic.stats();
        this.breaker = traffic.breaker(RoutingPriority.DEFAULT);
        this.connecting = new Connecting(loop, cluster.transport(), endpoint.address(), cluster.settings(), outcome);
        this.startedNanos = loop.nanoTime();
    }

    Endpoint endpoint() {
        return endpoint;
    }

    ClusterStats stats() {
        return stats;
    }

    void connect() {
        StatsStripe stripe = loop.stats();
        stats.rqPendingTotal.inc(stripe);
        stats.rqPendingActive.inc(stripe);
        stats.cxTotal.inc(stripe);
        stats.cxActive.inc(stripe);
        breaker.pendingRequests().acquire();
        breaker.connections().acquire();
        endpoint.state().connectionsTotal().increment();
        endpoint.state().connectionOpened();
        connecting.start();
    }

    void connected() {
        StatsStripe stripe = loop.stats();
        notPending();
        stats.cxConnectMs.record(stripe, elapsedMillis());
        stats.rqTotal.inc(stripe);
        stats.rqActive.inc(stripe);
        breaker.requests().acquire();
        endpoint.state().requestStarted();
        traffic.outliers().onSuccess(endpoint);
    }

    void connectFailed(StreamReset reason) {
        StatsStripe stripe = loop.stats();
        boolean timeout = reason == StreamReset.CONNECTION_TIMEOUT;
        if (timeout) {
            stats.cxConnectTimeout.inc(stripe);
            traffic.outliers().onLocalOriginTimeout(endpoint, 504);
        } else {
            traffic.outliers().onLocalOriginFailure(endpoint);
        }
        stats.rqPendingFailureEject.inc(stripe);
        stats.cxConnectFail.inc(stripe);
        endpoint.state().connectFailures().increment();
        notPending();
        destroyed(!timeout);
    }

    /** The session is over before there was a connection; which is no failure to connect. */
    void cancel() {
        connecting.cancel();
        stats.rqCancelled.inc(loop.stats());
        notPending();
        destroyed(false);
    }

    private void notPending() {
        stats.rqPendingActive.dec(loop.stats());
        breaker.pendingRequests().release();
    }

    /**
     * The connection is closed; what is said after the first time is not heard.
     *
     * @param remote the endpoint closed it, or was the last to end its direction
     */
    void closed(boolean remote) {
        if (over) {
            return;
        }
        over = true;
        StatsStripe stripe = loop.stats();
        stats.cxDestroyWithActiveRq.inc(stripe);
        (remote ? stats.cxDestroyRemoteWithActiveRq : stats.cxDestroyLocalWithActiveRq).inc(stripe);
        stats.cxLengthMs.record(stripe, elapsedMillis());
        stats.rqActive.dec(stripe);
        breaker.requests().release();
        endpoint.state().requestEnded();
        destroyed(remote);
    }

    private void destroyed(boolean remote) {
        StatsStripe stripe = loop.stats();
        stats.cxDestroy.inc(stripe);
        (remote ? stats.cxDestroyRemote : stats.cxDestroyLocal).inc(stripe);
        stats.cxActive.dec(stripe);
        breaker.connections().release();
        endpoint.state().connectionClosed();
    }

    private long elapsedMillis() {
        return TimeUnit.NANOSECONDS.toMillis(loop.nanoTime() - startedNanos);
    }
}
