package dev.starling.runtime.http.filter.healthcheck;

import dev.starling.config.Percent;
import dev.starling.config.http.HealthCheckFilterConfig;
import dev.starling.lb.EndpointSet;
import dev.starling.runtime.ProxyContext;
import dev.starling.runtime.accesslog.ResponseFlag;
import dev.starling.runtime.cluster.ClusterSlot;
import dev.starling.runtime.cluster.ClusterSnapshot;
import dev.starling.runtime.http.filter.Chunk;
import dev.starling.runtime.http.filter.ExchangeContext;
import dev.starling.runtime.http.filter.HttpFilter;
import dev.starling.runtime.http.filter.LocalReply;
import dev.starling.runtime.message.HeaderName;
import dev.starling.runtime.message.Headers;
import dev.starling.runtime.message.RequestHead;
import dev.starling.runtime.message.ResponseHead;
import dev.starling.runtime.route.HeaderMatch;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Answers health checks of one exchange, or marks the upstream's answers to them. */
final class HealthCheckFilter implements HttpFilter {

    private static final HeaderName HEALTH_CHECKED_CLUSTER = HeaderName.of("x-envoy-upstream-healthchecked-cluster");
    private static final HeaderName IMMEDIATE_FAIL = HeaderName.of("x-envoy-immediate-health-check-fail");

    private final ExchangeContext context;
    private final ProxyContext proxy;
    private final HealthCheckFilterConfig config;
    private final List<HeaderMatch> matchers;
    private final CachedAnswer cache;
    private boolean healthCheck;
    private boolean passedOn;
    private @Nullable LocalReply answer;

    HealthCheckFilter(
            ExchangeContext context,
            ProxyContext proxy,
            HealthCheckFilterConfig config,
            List<HeaderMatch> matchers,
            CachedAnswer cache) {
        this.context = context;
        this.proxy = proxy;
        this.config = config;
        this.matchers = matchers;
        this.cache = cache;
    }

    @Override
    public Flow onRequestHead(RequestHead head, boolean endStream) {
        healthCheck = matchers.stream().allMatch(matcher -> matcher.matches(head));
        if (!healthCheck) {
            return Flow.CONTINUE;
        }
        context.info().healthCheck = true;
        if (proxy.state().healthCheckFailed()) {
            answer = failed("health_check_failed");
        } else if (config.passThrough()) {
            int cached = cache.status(context.loop().nanoTime());
            if (cached == 0) {
                passedOn = true;
                return Flow.CONTINUE;
            }
            answer = LocalReply.of(cached, "", null, "health_check_cached");
        } else {
            answer = config.clusterMinHealthy().isEmpty()
                    ? LocalReply.of(200, "", null, "health_check_ok")
                    : ofClusters();
        }
        return answered(endStream);
    }

    @Override
    public Flow onRequestData(Chunk chunk, boolean endStream) {
        return answer == null ? Flow.CONTINUE : answered(endStream);
    }

    @Override
    public Flow onRequestTrailers(Headers trailers) {
        return answer == null ? Flow.CONTINUE : answered(true);
    }

    /** The answer is given when the request is complete. */
    private Flow answered(boolean endStream) {
        if (endStream && answer != null) {
            context.sendLocalReply(answer);
        }
        return Flow.STOP;
    }

    private static LocalReply failed(String details) {
        return LocalReply.of(503, "", ResponseFlag.LH, details);
    }

    private LocalReply ofClusters() {
        for (Map.Entry<String, Percent> minimum : config.clusterMinHealthy().entrySet()) {
            ClusterSlot slot = proxy.clusters().find(minimum.getKey());
            ClusterSnapshot cluster = slot == null ? null : slot.current();
            if (cluster == null) {
                return failed("health_check_failed_no_cluster_found");
            }
            if (!healthy(cluster.endpoints(), minimum.getValue())) {
                return failed(
                        cluster.endpoints().endpoints().isEmpty()
                                ? "health_check_failed_cluster_empty"
                                : "health_check_failed_cluster_unhealthy");
            }
        }
        return LocalReply.of(200, "", null, "health_check_ok_cluster_healthy");
    }

    private static boolean healthy(EndpointSet endpoints, Percent minimum) {
        int total = endpoints.endpoints().size();
        int good = endpoints.healthyCount() + endpoints.degradedCount();
        return total == 0 ? minimum.value() == 0 : 100.0 * good >= minimum.value() * total;
    }

    @Override
    public Flow onResponseHead(ResponseHead head, boolean endStream) {
        if (healthCheck) {
            if (passedOn) {
                cache.keep(head.status(), context.loop().nanoTime());
            }
            head.headers().set(HEALTH_CHECKED_CLUSTER, proxy.node().cluster());
            if (answer != null && proxy.state().healthCheckFailed()) {
                head.headers().set(IMMEDIATE_FAIL, "true"); // a proxy in front takes us out at once
            }
        } else if (proxy.state().healthCheckFailed()) {
            head.headers().set(IMMEDIATE_FAIL, "true");
        }
        return Flow.CONTINUE;
    }
}
