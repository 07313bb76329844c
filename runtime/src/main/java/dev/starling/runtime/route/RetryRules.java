package dev.starling.runtime.route;

import dev.starling.config.route.RetryPolicy;
import dev.starling.config.route.Route;
import dev.starling.config.route.RouteAction;
import dev.starling.config.route.VirtualHost;
import java.util.List;
import java.util.OptionalLong;

/**
 * The retry policy of a route, its own or the virtual host's, compiled. Immutable.
 *
 * @param retriableHeaders of responses
 * @param retriableRequests of requests; empty for any
 * @param bufferLimit bytes of a request's body that are kept for another attempt; absent: as many as filters may hold
 */
public record RetryRules(
        RetryPolicy policy,
        List<HeaderMatch> retriableHeaders,
        List<HeaderMatch> retriableRequests,
        OptionalLong bufferLimit) {

    static RetryRules of(Route route, VirtualHost virtualHost) {
        VirtualHost.Retries ofHost = virtualHost.retries();
        RetryPolicy policy = route.action() instanceof RouteAction action
                ? action.retryPolicy().or(ofHost::policy).orElse(RetryPolicy.NONE)
                : RetryPolicy.NONE;
        return new RetryRules(
                policy,
                policy.retriableHeaders().stream().map(HeaderMatch::new).toList(),
                policy.retriableRequestHeaders().stream().map(HeaderMatch::new).toList(),
                route.requestBufferLimit().isPresent() ? route.requestBufferLimit() : ofHost.requestBufferLimit());
    }

    static RetryRules none() {
        return new RetryRules(RetryPolicy.NONE, List.of(), List.of(), OptionalLong.empty());
    }
}
