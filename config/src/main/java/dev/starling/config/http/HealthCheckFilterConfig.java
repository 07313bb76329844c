package dev.starling.config.http;

import dev.starling.config.Percent;
import dev.starling.config.matcher.HeaderMatcher;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * {@code envoy.extensions.filters.http.health_check.v3.HealthCheck}.
 *
 * @param passThrough the upstream answers, unless the server was told to fail
 * @param cacheTime zero: pass-through answers are not kept
 * @param clusterMinHealthy healthy when every cluster named has at least this share of healthy endpoints
 */
public record HealthCheckFilterConfig(
        boolean passThrough, Duration cacheTime, Map<String, Percent> clusterMinHealthy, List<HeaderMatcher> headers) {

    public HealthCheckFilterConfig {
        clusterMinHealthy = Map.copyOf(clusterMinHealthy);
        headers = List.copyOf(headers);
    }
}
