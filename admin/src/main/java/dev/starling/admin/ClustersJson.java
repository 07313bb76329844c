package dev.starling.admin;

import dev.starling.config.proto.print.JsonWriter;
import dev.starling.config.proto.print.TreeWriter;
import dev.starling.config.route.RouteAction.RoutingPriority;
import dev.starling.lb.Endpoint;
import dev.starling.lb.EndpointState;
import dev.starling.lb.HealthFlag;
import dev.starling.runtime.cluster.CircuitBreaker;
import dev.starling.runtime.cluster.ClusterSnapshot;
import java.io.IOException;
import java.util.Iterator;

/** {@code /clusters} as Envoy's {@code envoy.admin.v3.Clusters} in JSON: fields in its order, defaults left out. */
final class ClustersJson {

    private final StringBuilder page = new StringBuilder();
    private final TreeWriter out = new JsonWriter(page);

    Iterator<String> pieces(Iterator<ClusterSnapshot> clusters) {
        if (!clusters.hasNext()) {
            return Chain.one("{}\n");
        }
        return new PieceWriter(
                page,
                Chain.of(
                        Chain.<PieceWriter.Step>one(this::begin),
                        Chain.flat(clusters, this::cluster),
                        Chain.<PieceWriter.Step>one(this::end)));
    }

    private void begin() throws IOException {
        out.beginObject();
        out.name("cluster_statuses");
        out.beginList();
    }

    private void end() throws IOException {
        out.endList();
        out.endObject();
        page.append('\n');
    }

    private Iterator<PieceWriter.Step> cluster(ClusterSnapshot cluster) {
        return Chain.of(
                Chain.<PieceWriter.Step>one(() -> beginCluster(cluster)),
                Chain.map(cluster.endpoints().endpoints().iterator(), endpoint -> () -> endpoint(endpoint)),
                Chain.<PieceWriter.Step>one(() -> endCluster(cluster)));
    }

    private void beginCluster(ClusterSnapshot cluster) throws IOException {
        out.beginObject();
        string("name", cluster.name());
        truth("added_via_api", cluster.addedViaApi());
        if (!cluster.endpoints().isEmpty()) {
            out.name("host_statuses");
            out.beginList();
        }
    }

    private void endCluster(ClusterSnapshot cluster) throws IOException {
        if (!cluster.endpoints().isEmpty()) {
            out.endList();
        }
        out.name("circuit_breakers");
        out.beginObject();
        out.name("thresholds");
        out.beginList();
        limits("", cluster.traffic().breaker(RoutingPriority.DEFAULT));
        limits("HIGH", cluster.traffic().breaker(RoutingPriority.HIGH));
        out.endList();
        out.endObject();
        string("observability_name", ObservabilityName.of(cluster.settings()));
        out.endObject();
    }

    private void limits(String priority, CircuitBreaker breaker) throws IOException {
        out.beginObject();
        string("priority", priority);
        wrapped("max_connections", breaker.connections().max());
        wrapped("max_pending_requests", breaker.pendingRequests().max());
        wrapped("max_requests", breaker.requests().max());
        wrapped("max_retries", breaker.retries().max());
        out.endObject();
    }

    private void endpoint(Endpoint endpoint) throws IOException {
        EndpointState state = endpoint.state();
        out.beginObject();
        out.name("address");
        AddressJson.write(endpoint.address(), endpoint.addressText(), out);
        out.name("stats");
        out.beginList();
        stat("", "cx_connect_fail", state.connectFailures().sum());
        stat("", "cx_total", state.connectionsTotal().sum());
        stat("", "rq_error", state.requestsFailed().sum());
        stat("", "rq_success", state.requestsSucceeded().sum());
        stat("", "rq_timeout", state.requestsTimedOut().sum());
        stat("", "rq_total", state.requestsTotal().sum());
        stat("GAUGE", "cx_active", state.activeConnections());
        stat("GAUGE", "rq_active", state.activeRequests());
        out.endList();
        health(state);
        number("weight", endpoint.weight());
        string("hostname", endpoint.hostname());
        number("priority", endpoint.priority());
        out.name("locality");
        out.beginObject();
        string("region", endpoint.locality().region());
        string("zone", endpoint.locality().zone());
        string("sub_zone", endpoint.locality().subZone());
        out.endObject();
        out.endObject();
    }

    private void stat(String type, String name, long value) throws IOException {
        out.beginObject();
        string("type", type);
        if (value != 0) {
            string("value", Long.toString(value));
        }
        string("name", name);
        out.endObject();
    }

    private void health(EndpointState state) throws IOException {
        out.name("health_status");
        out.beginObject();
        truth("failed_active_health_check", state.has(HealthFlag.FAILED_ACTIVE_HC));
        truth("failed_outlier_check", state.has(HealthFlag.FAILED_OUTLIER_CHECK));
        string("eds_health_status", edsHealth(state));
        truth("failed_active_degraded_check", state.has(HealthFlag.DEGRADED_ACTIVE_HC));
        truth("pending_dynamic_removal", state.has(HealthFlag.PENDING_DYNAMIC_REMOVAL));
        truth("pending_active_hc", state.has(HealthFlag.PENDING_ACTIVE_HC));
        truth("excluded_via_immediate_hc_fail", state.has(HealthFlag.EXCLUDED_VIA_IMMEDIATE_HC_FAIL));
        truth("active_hc_timeout", state.has(HealthFlag.ACTIVE_HC_TIMEOUT));
        out.endObject();
    }

    private static String edsHealth(EndpointState state) {
        if (state.has(HealthFlag.EDS_STATUS_DRAINING)) {
            return "DRAINING";
        }
        if (state.has(HealthFlag.FAILED_EDS_HEALTH)) {
            return "UNHEALTHY";
        }
        return state.has(HealthFlag.DEGRADED_EDS_HEALTH) ? "DEGRADED" : "HEALTHY";
    }

    private void string(String name, String value) throws IOException {
        if (!value.isEmpty()) {
            out.name(name);
            out.string(value);
        }
    }

    private void truth(String name, boolean value) throws IOException {
        if (value) {
            out.name(name);
            out.literal("true");
        }
    }

    private void number(String name, long value) throws IOException {
        if (value != 0) {
            wrapped(name, value);
        }
    }

    /** A number that is told even if it is 0. */
    private void wrapped(String name, long value) throws IOException {
        out.name(name);
        out.literal(Long.toString(value));
    }
}
