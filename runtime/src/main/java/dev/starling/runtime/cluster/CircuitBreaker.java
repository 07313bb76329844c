package dev.starling.runtime.cluster;

import dev.starling.config.cluster.CircuitBreakers.RetryBudget;
import dev.starling.config.cluster.CircuitBreakers.Thresholds;
import dev.starling.runtime.stats.Gauge;
import dev.starling.runtime.stats.StatsScope;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The limits of a cluster at one routing priority, as Envoy's resource manager: counts shared by all loops, decided on the
 * data path. Loops that decide at the same moment may overshoot a limit slightly, as Envoy's workers may.
 */
public final class CircuitBreaker {

    private final Resource connections;
    private final Resource pendingRequests;
    private final Resource requests;
    private final Resource retries;
    private volatile @Nullable RetryBudget retryBudget;

    CircuitBreaker(Thresholds limits, StatsScope scope, LimitWatch watch) {
        this.connections = new Resource(limits.maxConnections(), scope.gauge("cx_open"), watch);
        this.pendingRequests = new Resource(limits.maxPendingRequests(), scope.gauge("rq_pending_open"), watch);
        this.requests = new Resource(limits.maxRequests(), scope.gauge("rq_open"), watch);
        this.retries = new Resource(limits.maxRetries(), scope.gauge("rq_retry_open"), watch);
        this.retryBudget = limits.retryBudget().orElse(null);
        scope.gauge("cx_pool_open");
    }

    /** New limits take effect for the next decision; what is over them already goes on. */
    public void limits(Thresholds limits) {
        connections.max(limits.maxConnections());
        pendingRequests.max(limits.maxPendingRequests());
        requests.max(limits.maxRequests());
        retries.max(limits.maxRetries());
        retryBudget = limits.retryBudget().orElse(null);
    }

    public Resource connections() {
        return connections;
    }

    public Resource pendingRequests() {
        return pendingRequests;
    }

    public Resource requests() {
        return requests;
    }

    public Resource retries() {
        return retries;
    }

    /**
     * Whether one more retry is allowed: by the budget where there is one, which follows the traffic of the moment.
     *
     * @param ended requests that count although they have just ended, neither active nor pending any more
     */
    public boolean retryAvailable(int ended) {
        RetryBudget budget = retryBudget;
        if (budget == null) {
            return retries.available();
        }
        long share = (long) (budget.budgetPercent() / 100 * (requests.count() + pendingRequests.count() + ended));
        return retries.count() < Math.max(share, budget.minRetryConcurrency());
    }

    /** One counted resource and its limit. */
    public static final class Resource {

        private final AtomicLong count = new AtomicLong();
        private final Gauge open;
        private final LimitWatch watch;
        private volatile long max;

        Resource(long max, Gauge open, LimitWatch watch) {
            this.max = max;
            this.open = open;
            this.watch = watch;
            open.set(0);
        }

        void max(long newMax) {
            max = newMax;
            show();
        }

        /**
         * Shows whether the limit is reached, and says so. One of zero is shown when something was let past it, as connections
         * are, and not before, as Envoy's is. Loops that cross it at the same moment may show it in the wrong
         * order: whoever watches calls this once more.
         */
        public boolean show() {
            long limit = max;
            boolean reached = count.get() >= limit;
            if (limit > 0) {
                open.set(reached ? 1 : 0);
            }
            return reached;
        }

        public long max() {
            return max;
        }

        public long count() {
            return count.get();
        }

        /** Whether one more is allowed. */
        public boolean available() {
            return count.get() < max;
        }

        /** Takes one; to be given back with {@link #release} exactly once. */
        public void acquire() {
            long limit = max;
            long taken = count.incrementAndGet();
            if (taken >= limit) {
                open.set(1);
                if (taken == limit) {
                    watch.crossed();
                }
            }
        }

        public void release() {
            if (count.getAndDecrement() == max) {
                open.set(max == 0 ? 1 : 0);
                watch.crossed();
            }
        }
    }
}
