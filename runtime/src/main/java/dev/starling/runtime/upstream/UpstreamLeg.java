package dev.starling.runtime.upstream;

import dev.starling.config.route.RouteAction.RoutingPriority;
import dev.starling.lb.Endpoint;
import dev.starling.runtime.cluster.CircuitBreaker;
import dev.starling.runtime.cluster.ClusterStats;
import dev.starling.runtime.cluster.ClusterTraffic;
import dev.starling.runtime.loop.Loop;
import dev.starling.runtime.message.StreamReset;
import dev.starling.runtime.stats.StatsStripe;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A connection to an endpoint that carries one session or tunnel and never another, from the attempt to its end, as cluster
 * and endpoint count it. Envoy takes it from a pool, so it counts as a request too: first as pending, then as active.
 * Confined to the loop.
 */
public final class UpstreamLeg {

    private final Loop loop;
    private final Endpoint endpoint;
    private final ClusterTraffic traffic;
    private final ClusterStats stats;
    private final CircuitBreaker breaker;
    private final Connecting connecting;
    private final long startedNanos;
    private boolean over;

    public UpstreamLeg(Loop loop, LoopCluster cluster, Endpoint endpoint, Connecting.Outcome outcome) {
        this.loop = loop;
        this.endpoint = endpoint;
        this.traffic = cluster.traffic();
        this.stats = traffic.stats();
        this.breaker = traffic.breaker(RoutingPriority.DEFAULT);
        this.connecting = new Connecting(
                loop, cluster.transport(), endpoint.address(), cluster.settings(), traffic.tls(endpoint), outcome);
        this.startedNanos = loop.nanoTime();
    }

    /** What is said ahead of what the session passes; null for nothing. */
    public void preamble(@Nullable ByteBuffer preamble) {
        connecting.saying(preamble);
    }

    public Endpoint endpoint() {
        return endpoint;
    }

    /** What is counted of the cluster, its outlier detection included, which a leg does not tell of anything. */
    public ClusterTraffic traffic() {
        return traffic;
    }

    public ClusterStats stats() {
        return stats;
    }

    public void connect() {
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

    public void connected() {
        StatsStripe stripe = loop.stats();
        notPending();
        stats.cxConnectMs.record(stripe, elapsedMillis());
        stats.rqTotal.inc(stripe);
        stats.rqActive.inc(stripe);
        breaker.requests().acquire();
        endpoint.state().requestStarted();
    }

    public void connectFailed(StreamReset reason) {
        StatsStripe stripe = loop.stats();
        boolean timeout = reason == StreamReset.CONNECTION_TIMEOUT;
        if (timeout) {
            stats.cxConnectTimeout.inc(stripe);
        }
        stats.rqPendingFailureEject.inc(stripe);
        stats.cxConnectFail.inc(stripe);
        endpoint.state().connectFailures().increment();
        notPending();
        destroyed(!timeout);
    }

    /** The session is over before there was a connection; which is no failure to connect. */
    public void cancel() {
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
    public void closed(boolean remote) {
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
