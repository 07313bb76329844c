package dev.starling.healthcheck.active;

import dev.starling.config.cluster.HealthCheck.Probe;
import dev.starling.config.cluster.HealthCheck.StatusRange;
import java.util.List;

/** What an HTTP answer says of an endpoint's health; Envoy's {@code HttpHealthCheckerImpl}. */
public final class HttpVerdict {

    private static final int OK = 200;

    private HttpVerdict() {}

    /**
     * @param degraded the answer carries {@code x-envoy-degraded}
     * @param immediateFail the answer carries {@code x-envoy-immediate-health-check-fail}; without effect if it passes
     */
    public static ProbeResult of(Probe.Http probe, int status, boolean degraded, boolean immediateFail) {
        boolean passes = probe.expected().isEmpty() ? status == OK : contains(probe.expected(), status);
        if (passes) {
            return new ProbeResult.Passed(degraded);
        }
        var reason = "status " + status;
        return contains(probe.retriable(), status)
                ? new ProbeResult.RetriableResponse(status, immediateFail, reason)
                : new ProbeResult.FailedResponse(status, immediateFail, reason);
    }

    private static boolean contains(List<StatusRange> ranges, int status) {
        return ranges.stream().anyMatch(range -> range.contains(status));
    }
}
