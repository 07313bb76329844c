package dev.starling.runtime.http.filter.ondemand;

import dev.starling.config.discovery.OnDemandClusters;
import dev.starling.config.http.OnDemandConfig;
import dev.starling.runtime.cluster.ClusterRequests;
import dev.starling.runtime.http.filter.ExchangeContext;
import dev.starling.runtime.http.filter.HttpFilter;
import dev.starling.runtime.message.RequestHead;
import dev.starling.runtime.route.Forward;
import dev.starling.runtime.upstream.ClusterWait;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Holds a request back while the control plane is asked for what it lacks: its virtual host if it has no route, then its
 * cluster if that is not there. Then it goes on, with or without. Meanwhile the client is held back by flow control, so that
 * nothing is buffered beyond its window.
 */
final class OnDemandFilter implements HttpFilter {

    private final String name;
    private final OnDemandConfig config;
    private final ClusterRequests requests;
    private final ExchangeContext context;
    private @Nullable ClusterWait wait;

    /** @param name by which routes speak of it */
    OnDemandFilter(String name, OnDemandConfig config, ClusterRequests requests, ExchangeContext context) {
        this.name = name;
        this.config = config;
        this.requests = requests;
        this.context = context;
    }

    @Override
    public Flow onRequestHead(RequestHead head, boolean endStream) {
        boolean waits = context.route() == null ? context.askForRoutes(this::routesAnswered) : askForCluster();
        return waits ? Flow.STOP_ALL : Flow.CONTINUE;
    }

    private void routesAnswered() {
        context.clearRoute();
        if (!askForCluster()) {
            context.resumeRequest(this);
        }
    }

    /** False if there is nothing to wait for. */
    private boolean askForCluster() {
        if (!(context.route() instanceof Forward to)
                || to.known()
                || to.clusterName().isEmpty()) {
            return false;
        }
        Optional<OnDemandClusters> clusters = clusters(to);
        if (clusters.isEmpty()) {
            return false;
        }
        wait = ClusterWait.begin(
                context.loop(),
                requests,
                clusters.get(),
                to.clusterName(),
                _ -> context.execute(this::clusterAnswered));
        return true;
    }

    /** Of a route that came only now too; which filters its requests pass was said before, in Envoy too. */
    private Optional<OnDemandClusters> clusters(Forward route) {
        OnDemandConfig ofRoute = route.filterOverrides().config(name, OnDemandConfig.class);
        return ofRoute == null ? config.clusters() : ofRoute.clusters();
    }

    private void clusterAnswered() {
        context.clearRoute();
        context.resumeRequest(this);
    }

    @Override
    public void onEnd() {
        if (wait != null) {
            wait.end();
        }
    }
}
