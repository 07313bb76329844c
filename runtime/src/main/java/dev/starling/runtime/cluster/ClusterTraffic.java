package dev.starling.runtime.cluster;

import dev.starling.config.cluster.CircuitBreakers;
import dev.starling.config.route.RouteAction.RoutingPriority;
import dev.starling.healthcheck.outlier.OutlierMonitor;
import dev.starling.runtime.stats.StatsScope;

/** What the traffic of a cluster touches on its way, whatever version of its settings it follows. Any thread. */
public final class ClusterTraffic {

    private final ClusterStats stats;
    private final CircuitBreaker defaultPriority;
    private final CircuitBreaker highPriority;
    private final OutlierMonitor outliers;

    /**
     * @param scope {@code cluster.<name>.}
     * @param outliers {@link OutlierMonitor#OFF} where outlier detection is not configured
     */
    public ClusterTraffic(StatsScope scope, CircuitBreakers limits, OutlierMonitor outliers) {
        this.stats = new ClusterStats(scope);
        this.defaultPriority = new CircuitBreaker(limits.defaultPriority(), scope.scope("circuit_breakers.default."));
        this.highPriority = new CircuitBreaker(limits.highPriority(), scope.scope("circuit_breakers.high."));
        this.outliers = outliers;
    }

    public ClusterStats stats() {
        return stats;
    }

    public CircuitBreaker breaker(RoutingPriority priority) {
        return priority == RoutingPriority.HIGH ? highPriority : defaultPriority;
    }

    public OutlierMonitor outliers() {
        return outliers;
    }
}
