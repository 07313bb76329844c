package dev.starling.admin;

import dev.starling.config.route.RouteAction.RoutingPriority;
import dev.starling.lb.Endpoint;
import dev.starling.lb.EndpointState;
import dev.starling.lb.HealthFlag;
import dev.starling.runtime.cluster.CircuitBreaker;
import dev.starling.runtime.cluster.ClusterSnapshot;
import java.util.Iterator;

/** {@code /clusters} as text: one fact a line, {@code ::} between its parts. */
final class ClustersText {

    private final StringBuilder page = new StringBuilder();

    Iterator<String> pieces(Iterator<ClusterSnapshot> clusters) {
        return new PieceWriter(
                page,
                Chain.flat(
                        clusters,
                        cluster -> Chain.of(
                                Chain.<PieceWriter.Step>one(() -> cluster(cluster)),
                                Chain.map(
                                        cluster.endpoints().endpoints().iterator(),
                                        endpoint -> () -> endpoint(cluster.name(), endpoint)))));
    }

    private void cluster(ClusterSnapshot cluster) {
        String name = cluster.name();
        line(name, "observability_name", ObservabilityName.of(cluster.settings()));
        if (cluster.settings().outlierDetection().isPresent()) {
            line(name, "outlier::success_rate_average", "-1");
            line(name, "outlier::success_rate_ejection_threshold", "-1");
            line(name, "outlier::local_origin_success_rate_average", "-1");
            line(name, "outlier::local_origin_success_rate_ejection_threshold", "-1");
        }
        limits(name + "::default_priority", cluster.traffic().breaker(RoutingPriority.DEFAULT));
        limits(name + "::high_priority", cluster.traffic().breaker(RoutingPriority.HIGH));
        line(name, "added_via_api", cluster.addedViaApi());
    }

    private void limits(String prefix, CircuitBreaker breaker) {
        line(prefix, "max_connections", breaker.connections().max());
        line(prefix, "max_pending_requests", breaker.pendingRequests().max());
        line(prefix, "max_requests", breaker.requests().max());
        line(prefix, "max_retries", breaker.retries().max());
    }

    private void endpoint(String cluster, Endpoint endpoint) {
        String prefix = cluster + "::" + endpoint.addressText();
        EndpointState state = endpoint.state();
        line(prefix, "cx_active", state.activeConnections());
        line(prefix, "cx_connect_fail", state.connectFailures());
        line(prefix, "cx_total", state.connectionsTotal());
        line(prefix, "rq_active", state.activeRequests());
        line(prefix, "rq_error", state.requestsFailed());
        line(prefix, "rq_success", state.requestsSucceeded());
        line(prefix, "rq_timeout", state.requestsTimedOut());
        line(prefix, "rq_total", state.requestsTotal());
        line(prefix, "hostname", endpoint.hostname());
        line(prefix, "health_flags", flags(state.healthFlags()));
        line(prefix, "weight", endpoint.weight());
        line(prefix, "region", endpoint.locality().region());
        line(prefix, "zone", endpoint.locality().zone());
        line(prefix, "sub_zone", endpoint.locality().subZone());
        line(prefix, "canary", isCanary(endpoint));
        line(prefix, "priority", endpoint.priority());
        line(prefix, "success_rate", "-1");
        line(prefix, "local_origin_success_rate", "-1");
    }

    private static String flags(int flags) {
        return flags == 0 ? "healthy" : "/" + String.join("/", HealthFlag.texts(flags));
    }

    private static boolean isCanary(Endpoint endpoint) {
        var metadata = endpoint.config().metadata().filterMetadata().get("envoy.lb");
        return metadata != null && Boolean.TRUE.equals(metadata.get("canary"));
    }

    private void line(String prefix, String fact, Object value) {
        page.append(prefix).append("::").append(fact).append("::").append(value).append('\n');
    }
}
