package dev.starling.config.cluster;

import java.util.Optional;

/** Limits of a cluster by routing priority; exceeding one refuses work at once. */
public record CircuitBreakers(Thresholds defaultPriority, Thresholds highPriority) {

    public static final CircuitBreakers DEFAULT = new CircuitBreakers(Thresholds.DEFAULT, Thresholds.DEFAULT);

    /**
     * Each allows while the count is below it; 0 blocks all but the first connection of a pool.
     *
     * @param maxConnectionPools {@link Long#MAX_VALUE} for no limit
     * @param trackRemaining whether the {@code remaining_*} gauges live
     */
    public record Thresholds(
            long maxConnections,
            long maxPendingRequests,
            long maxRequests,
            long maxRetries,
            long maxConnectionPools,
            Optional<RetryBudget> retryBudget,
            boolean trackRemaining) {

        public static final Thresholds DEFAULT =
                new Thresholds(1024, 1024, 1024, 3, Long.MAX_VALUE, Optional.empty(), false);
    }

    /** Retries as a share of active and pending requests, with a floor. */
    public record RetryBudget(double budgetPercent, long minRetryConcurrency) {}
}
