package dev.starling.runtime.cluster;

import dev.starling.config.cluster.CircuitBreakers;
import dev.starling.config.route.RouteAction.RoutingPriority;
import dev.starling.healthcheck.outlier.OutlierMonitor;
import dev.starling.lb.Endpoint;
import dev.starling.runtime.codec.http2.Http2Stats;
import dev.starling.runtime.stats.StatsScope;
import dev.starling.runtime.tls.EndpointSockets;
import dev.starling.runtime.tls.EndpointTls;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What the traffic of a cluster touches on its way. Statistics and limits are the same from version to version of the
 * cluster; who hears of failures is not. Any thread.
 */
public final class ClusterTraffic {

    private final ClusterStats stats;
    private final GrpcCallStats grpcCalls;
    private final LimitWatch limitWatch;
    private final CircuitBreaker defaultPriority;
    private final CircuitBreaker highPriority;
    private final OutlierMonitor outliers;
    private final Consumer<Endpoint> healthCheckFailed;
    private final EndpointSockets sockets;
    private final @Nullable OriginalDestinations destinations;

    /** Made where HTTP/2 is spoken, as in Envoy; written without agreement, for all that write get the same counters. */
    private final StatsScope scope;

    private @Nullable Http2Stats http2Stats;

    /**
     * @param scope {@code cluster.<name>.}
     * @param outliers {@link OutlierMonitor#OFF} where outlier detection is not configured
     */
    public ClusterTraffic(StatsScope scope, CircuitBreakers limits, OutlierMonitor outliers) {
        this.scope = scope;
        this.stats = new ClusterStats(scope);
        this.grpcCalls = new GrpcCallStats(scope);
        this.limitWatch = new LimitWatch();
        this.defaultPriority =
                new CircuitBreaker(limits.defaultPriority(), scope.scope("circuit_breakers.default."), limitWatch);
        this.highPriority =
                new CircuitBreaker(limits.highPriority(), scope.scope("circuit_breakers.high."), limitWatch);
        this.outliers = outliers;
        this.healthCheckFailed = endpoint -> {};
        this.sockets = EndpointSockets.RAW;
        this.destinations = null;
    }

    private ClusterTraffic(
            ClusterTraffic before,
            OutlierMonitor newOutliers,
            Consumer<Endpoint> newHealthCheckFailed,
            EndpointSockets newSockets,
            @Nullable OriginalDestinations newDestinations) {
        this.scope = before.scope;
        this.stats = before.stats;
        this.grpcCalls = before.grpcCalls;
        this.limitWatch = before.limitWatch;
        this.defaultPriority = before.defaultPriority;
        this.highPriority = before.highPriority;
        this.outliers = newOutliers;
        this.healthCheckFailed = newHealthCheckFailed;
        this.sockets = newSockets;
        this.destinations = newDestinations;
    }

    /** The same statistics and limits, with other listeners for what endpoints do. */
    public ClusterTraffic heardBy(OutlierMonitor newOutliers, Consumer<Endpoint> newHealthCheckFailed) {
        return new ClusterTraffic(this, newOutliers, newHealthCheckFailed, sockets, destinations);
    }

    /** The same with other transport sockets: those of the next version. */
    public ClusterTraffic through(EndpointSockets newSockets) {
        return new ClusterTraffic(this, outliers, healthCheckFailed, newSockets, destinations);
    }

    public EndpointSockets sockets() {
        return sockets;
    }

    /** How connections to the endpoint are secured; null: not at all. */
    public @Nullable EndpointTls tls(Endpoint endpoint) {
        return sockets.of(endpoint.config().metadata(), endpoint.config().hostname());
    }

    /** The same, for a cluster whose endpoints are the destinations of its connections. */
    public ClusterTraffic towards(OriginalDestinations newDestinations) {
        return new ClusterTraffic(this, outliers, healthCheckFailed, sockets, newDestinations);
    }

    /** Null unless the endpoints are the destinations of the connections. */
    public @Nullable OriginalDestinations destinations() {
        return destinations;
    }

    public ClusterStats stats() {
        return stats;
    }

    /** Of the codec of HTTP/2. */
    public Http2Stats http2Stats() {
        Http2Stats made = http2Stats;
        if (made == null) {
            made = http2Stats = new Http2Stats(scope.scope("http2."));
        }
        return made;
    }

    /** For filters that count gRPC. */
    public GrpcCallStats grpcCalls() {
        return grpcCalls;
    }

    public CircuitBreaker breaker(RoutingPriority priority) {
        return priority == RoutingPriority.HIGH ? highPriority : defaultPriority;
    }

    public LimitWatch limitWatch() {
        return limitWatch;
    }

    public OutlierMonitor outliers() {
        return outliers;
    }

    /**
     * An answer of the endpoint carried {@code x-envoy-immediate-health-check-fail}. To be called only while the endpoint
     * is not excluded for it already, or every answer would be a message.
     */
    public void onHealthCheckFailed(Endpoint endpoint) {
        healthCheckFailed.accept(endpoint);
    }
}
