package dev.starling.runtime.network.tcpproxy;

import dev.starling.config.route.RouteAction.RoutingPriority;
import dev.starling.lb.Endpoint;
import dev.starling.lb.Pick;
import dev.starling.runtime.accesslog.ResponseFlag;
import dev.starling.runtime.accesslog.StreamInfo;
import dev.starling.runtime.cluster.ClusterSlot;
import dev.starling.runtime.cluster.ClusterStats;
import dev.starling.runtime.loop.Loop;
import dev.starling.runtime.upstream.LoopCluster;
import dev.starling.runtime.upstream.LoopClusters;
import org.jspecify.annotations.Nullable;

/** Picks the endpoint of each of a session's attempts, in the cluster that was drawn for the session. Confined to the loop. */
final class EndpointChoice {

    private final TcpProxyFilter filter;
    private final LoopClusters clusters;
    private final Loop loop;
    private final StreamInfo info;
    private final boolean connects;
    private final ClusterSlot slot;
    private final @Nullable OnDemandCluster onDemand;

    /** Whose choice it is. */
    interface Chooser {

        /**
         * The session's next attempt.
         *
         * @param cluster the endpoint's
         */
        void chosen(LoopCluster cluster, Endpoint endpoint);

        /** There will be none. */
        void refused(ResponseFlag why);

        /** The session wants a turn: the choice could not be made before. */
        void onEvent();
    }

    /** @param connects each attempt opens a connection, which the circuit breaker has to allow; a pool asks it by itself */
    EndpointChoice(TcpProxyFilter filter, LoopClusters clusters, Loop loop, StreamInfo info, boolean connects) {
        this.filter = filter;
        this.clusters = clusters;
        this.loop = loop;
        this.info = info;
        this.connects = connects;
        this.slot = filter.clusters().choose(loop.random());
        this.onDemand = filter.onDemand(loop);
    }

    /** In Envoy's order: cluster, limit of connections, attempts left, endpoint. */
    void next(Chooser chooser) {
        LoopCluster cluster = clusters.cluster(slot);
        if (onDemand != null && onDemand.waits(slot.name(), cluster != null, chooser::onEvent)) {
            return;
        }
        if (cluster == null) {
            filter.stats().cxNoRoute.inc(loop.stats());
            chooser.refused(ResponseFlag.NC);
            return;
        }
        info.clusterName = cluster.settings().name();
        ClusterStats stats = cluster.traffic().stats();
        if (overflows(cluster)) {
            chooser.refused(ResponseFlag.UO);
        } else if (info.attempts >= filter.config().maxConnectAttempts()) {
            stats.cxConnectAttemptsExceeded.inc(loop.stats());
            chooser.refused(ResponseFlag.URX);
        } else {
            switch (cluster.pick(_ -> info.downstream.originalDestination())) {
                case Pick.NoEndpoint none -> {
                    stats.cxNoneHealthy.inc(loop.stats());
                    chooser.refused(ResponseFlag.UH);
                }
                case Endpoint endpoint -> {
                    info.attempts++;
                    chosen(chooser, cluster, cluster.picked(), endpoint);
                }
            }
        }
    }

    /**
     * The limit of an aggregate says nothing of the cluster that it has chosen, which as in Envoy may always open the first
     * connection to an endpoint.
     */
    private void chosen(Chooser chooser, LoopCluster asked, LoopCluster chosen, Endpoint endpoint) {
        if (chosen != asked && overflows(chosen) && endpoint.state().activeConnections() > 0) {
            chooser.refused(ResponseFlag.UO);
        } else {
            chooser.chosen(chosen, endpoint);
        }
    }

    /** Whether the circuit breaker allows no connection more, which is counted. */
    private boolean overflows(LoopCluster cluster) {
        boolean overflows = connects
                && !cluster.traffic()
                        .breaker(RoutingPriority.DEFAULT)
                        .connections()
                        .available();
        if (overflows) {
            cluster.traffic().stats().cxOverflow.inc(loop.stats());
        }
        return overflows;
    }

    /** None will be made any more. */
    void end() {
        if (onDemand != null) {
            onDemand.end();
        }
    }
}
