package dev.starling.runtime.network.tcpproxy;

import dev.starling.config.route.RouteAction.RoutingPriority;
import dev.starling.healthcheck.outlier.OutlierMonitor;
import dev.starling.lb.Endpoint;
import dev.starling.runtime.accesslog.ResponseFlag;
import dev.starling.runtime.accesslog.StreamInfo;
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
final class EndpointSearch implements EndpointChoice.Chooser, Connecting.Outcome {

    private final Loop loop;
    private final StreamInfo info;
    private final ConnectionTraits traits;
    private final Seeker seeker;
    private final EndpointChoice choice;

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
        this.loop = loop;
        this.info = info;
        this.traits = traits;
        this.seeker = seeker;
        this.choice = new EndpointChoice(filter, clusters, loop, info, true);
    }

    void turn() {
        if (failure != null) {
            if (failure != StreamReset.LOCAL_CONNECTION_FAILURE) {
                info.flag(ResponseFlag.UF);
            }
            failure = null;
        }
        if (leg == null) {
            choice.next(this);
        }
    }

    @Override
    public void onEvent() {
        seeker.onEvent();
    }

    @Override
    public void refused(ResponseFlag why) {
        seeker.refused(why);
    }

    @Override
    public void chosen(LoopCluster cluster, Endpoint endpoint) {
        if (!cluster.traffic()
                .breaker(RoutingPriority.DEFAULT)
                .pendingRequests()
                .available()) {
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
        info.upstreamHostAddress = tried.endpoint().address();
        return tried;
    }

    /** Gives up; the seeker hears no more. */
    void cancel() {
        choice.end();
        if (leg != null) {
            leg.cancel();
            leg = null;
        }
    }
}
