package dev.starling.runtime.network.tcpproxy;

import dev.starling.config.route.RouteAction.RoutingPriority;
import dev.starling.healthcheck.outlier.OutlierMonitor;
import dev.starling.lb.Endpoint;
import dev.starling.lb.Pick;
import dev.starling.runtime.accesslog.ResponseFlag;
import dev.starling.runtime.accesslog.StreamInfo;
import dev.starling.runtime.cluster.CircuitBreaker;
import dev.starling.runtime.cluster.ClusterSlot;
import dev.starling.runtime.cluster.ClusterStats;
import dev.starling.runtime.loop.Loop;
import dev.starling.runtime.message.StreamReset;
import dev.starling.runtime.network.ConnectionTraits;
import dev.starling.runtime.tls.TlsSession;
import dev.starling.runtime.upstream.Connecting;
import dev.starling.runtime.upstream.LoopCluster;
import dev.starling.runtime.upstream.LoopClusters;
import dev.starling.runtime.upstream.UpstreamLeg;
import io.netty.channel.Channel;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A session's way to an endpoint: attempts to connect, each with a pick of its own, until one succeeds. Confined to the loop. */
final class EndpointSearch implements Connecting.Outcome {

    private final TcpProxyFilter filter;
    private final LoopClusters clusters;
    private final Loop loop;
    private final StreamInfo info;
    private final ConnectionTraits traits;
    private final Seeker seeker;
    private final ClusterSlot slot;

    private @Nullable UpstreamLeg leg;
    private @Nullable StreamReset failure;

    /** Who wants an endpoint. */
    interface Seeker {

        /** An attempt has ended: the search wants a turn. */
        void onEvent();

        void found(UpstreamLeg leg, Channel channel);

        /** There will be none. */
        void refused(ResponseFlag why);
    }

    EndpointSearch(
            TcpProxyFilter filter,
            LoopClusters clusters,
            Loop loop,
            StreamInfo info,
            ConnectionTraits traits,
            Seeker seeker) {
        this.filter = filter;
        this.clusters = clusters;
        this.loop = loop;
        this.info = info;
        this.traits = traits;
        this.seeker = seeker;
        this.slot = filter.clusters().choose(loop.random());
    }

    void turn() {
        if (failure != null) {
            if (failure != StreamReset.LOCAL_CONNECTION_FAILURE) {
                info.flag(ResponseFlag.UF);
            }
            failure = null;
        }
        if (leg == null) {
            attempt();
        }
    }

    /** In Envoy's order: cluster, limit of connections, attempts left, endpoint, limit of those that wait. */
    private void attempt() {
        LoopCluster cluster = clusters.cluster(slot);
        if (cluster == null) {
            filter.stats().cxNoRoute.inc(loop.stats());
            seeker.refused(ResponseFlag.NC);
            return;
        }
        info.clusterName = cluster.settings().name();
        ClusterStats stats = cluster.traffic().stats();
        CircuitBreaker breaker = cluster.traffic().breaker(RoutingPriority.DEFAULT);
        if (!breaker.connections().available()) {
            stats.cxOverflow.inc(loop.stats());
            seeker.refused(ResponseFlag.UO);
        } else if (info.attempts >= filter.config().maxConnectAttempts()) {
            stats.cxConnectAttemptsExceeded.inc(loop.stats());
            seeker.refused(ResponseFlag.URX);
        } else {
            switch (cluster.pick(_ -> info.downstream.originalDestination())) {
                case Pick.NoEndpoint none -> {
                    stats.cxNoneHealthy.inc(loop.stats());
                    seeker.refused(ResponseFlag.UH);
                }
                case Endpoint endpoint -> connect(cluster, endpoint, breaker);
            }
        }
    }

    private void connect(LoopCluster cluster, Endpoint endpoint, CircuitBreaker breaker) {
        info.attempts++;
        if (!breaker.pendingRequests().available()) {
            cluster.traffic().stats().rqPendingOverflow.inc(loop.stats());
            seeker.onEvent(); // another attempt, if there is one left
            return;
        }
        UpstreamLeg next = new UpstreamLeg(loop, cluster, endpoint, this);
        leg = next;
        next.preamble(cluster.preamble(cluster.tellsClients() ? traits.forUpstream() : null));
        next.connect();
    }

    @Override
    public void connected(Channel channel) {
        UpstreamLeg opened = ended();
        opened.connected();
        opened.traffic().outliers().onSuccess(opened.endpoint());
        info.upstreamRemoteAddress = opened.endpoint().address();
        info.upstreamLocalAddress = channel.localAddress();
        info.upstreamTls = TlsSession.of(channel);
        seeker.found(opened, channel);
    }

    @Override
    public void failed(StreamReset reason, String detail) {
        UpstreamLeg tried = ended();
        tried.connectFailed(reason);
        OutlierMonitor outliers = tried.traffic().outliers();
        if (reason == StreamReset.CONNECTION_TIMEOUT) {
            outliers.onLocalOriginTimeout(tried.endpoint(), 504);
        } else {
            outliers.onLocalOriginFailure(tried.endpoint());
        }
        info.upstreamTransportFailure = detail;
        failure = reason;
        seeker.onEvent();
    }

    /** The log names an endpoint when it is known how its attempt ended. */
    private UpstreamLeg ended() {
        UpstreamLeg tried = Objects.requireNonNull(leg);
        leg = null;
        info.upstreamHost = tried.endpoint().addressText();
        return tried;
    }

    /** Gives up; the seeker hears no more. */
    void cancel() {
        if (leg != null) {
            leg.cancel();
            leg = null;
        }
    }
}
