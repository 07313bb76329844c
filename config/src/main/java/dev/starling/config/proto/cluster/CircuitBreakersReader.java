package dev.starling.config.proto.cluster;

import dev.starling.config.cluster.CircuitBreakers;
import dev.starling.config.cluster.CircuitBreakers.RetryBudget;
import dev.starling.config.cluster.CircuitBreakers.Thresholds;
import dev.starling.config.proto.core.Uint32Reader;
import io.envoyproxy.envoy.config.core.v3.RoutingPriority;
import java.util.Optional;

/** Reads {@code envoy.config.cluster.v3.CircuitBreakers}: of several thresholds for one priority the first counts. */
final class CircuitBreakersReader {

    private static final double DEFAULT_BUDGET_PERCENT = 20;
    private static final long DEFAULT_MIN_RETRY_CONCURRENCY = 3;

    private CircuitBreakersReader() {}

    static CircuitBreakers read(io.envoyproxy.envoy.config.cluster.v3.CircuitBreakers message) {
        return new CircuitBreakers(
                thresholds(message, RoutingPriority.DEFAULT), thresholds(message, RoutingPriority.HIGH));
    }

    private static Thresholds thresholds(
            io.envoyproxy.envoy.config.cluster.v3.CircuitBreakers message, RoutingPriority priority) {
        return message.getThresholdsList().stream()
                .filter(each -> each.getPriority() == priority)
                .findFirst()
                .map(CircuitBreakersReader::thresholds)
                .orElse(Thresholds.DEFAULT);
    }

    private static Thresholds thresholds(io.envoyproxy.envoy.config.cluster.v3.CircuitBreakers.Thresholds message) {
        var otherwise = Thresholds.DEFAULT;
        return new Thresholds(
                Uint32Reader.longOr(
                        otherwise.maxConnections(), message.hasMaxConnections(), message.getMaxConnections()),
                Uint32Reader.longOr(
                        otherwise.maxPendingRequests(),
                        message.hasMaxPendingRequests(),
                        message.getMaxPendingRequests()),
                Uint32Reader.longOr(otherwise.maxRequests(), message.hasMaxRequests(), message.getMaxRequests()),
                Uint32Reader.longOr(otherwise.maxRetries(), message.hasMaxRetries(), message.getMaxRetries()),
                Uint32Reader.longOr(
                        otherwise.maxConnectionPools(),
                        message.hasMaxConnectionPools(),
                        message.getMaxConnectionPools()),
                message.hasRetryBudget() ? Optional.of(retryBudget(message.getRetryBudget())) : Optional.empty(),
                message.getTrackRemaining());
    }

    private static RetryBudget retryBudget(
            io.envoyproxy.envoy.config.cluster.v3.CircuitBreakers.Thresholds.RetryBudget message) {
        return new RetryBudget(
                message.hasBudgetPercent() ? message.getBudgetPercent().getValue() : DEFAULT_BUDGET_PERCENT,
                Uint32Reader.longOr(
                        DEFAULT_MIN_RETRY_CONCURRENCY,
                        message.hasMinRetryConcurrency(),
                        message.getMinRetryConcurrency()));
    }
}
