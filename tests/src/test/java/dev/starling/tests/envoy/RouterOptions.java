package dev.starling.tests.envoy;

import static dev.starling.tests.envoy.ExchangeCase.OK;
import static dev.starling.tests.envoy.OptionListener.closing;

import java.util.List;

/** Timeouts, attempt counts and Envoy's own headers in the router, and the filter that answers health checks. */
final class RouterOptions {

    private static final String ROUTES = """
            virtual_hosts:
              - name: all
                domains: ["*"]
                include_request_attempt_count: true
                include_attempt_count_in_response: true
                routes:
                  - {match: {prefix: /slow}, route: {cluster: up, timeout: 0.1s}}
                  - {match: {prefix: /patient}, route: {cluster: up, timeout: 0s}}
                  - {match: {prefix: /idle}, route: {cluster: up, timeout: 0.2s, idle_timeout: 0.08s}}
                  - {match: {prefix: /short}, route: {cluster: up, max_stream_duration: {max_stream_duration: 0.1s}}}
                  - {match: {prefix: /rewrite}, route: {cluster: up, prefix_rewrite: /new, host_rewrite_literal: b.test}}
                  - {match: {prefix: /none}, route: {cluster: empty}}
                  - {match: {prefix: /full}, route: {cluster: full}}
                  - {match: {prefix: /refused}, route: {cluster: refused}}
                  - {match: {prefix: /direct}, direct_response: {status: 418}}
                  - {match: {prefix: /up}, route: {cluster: up}}
            """;

    private RouterOptions() {}

    static List<OptionListener> listeners() {
        String internal = "internal_address_config: {cidr_ranges: [{address_prefix: 10.0.0.0, prefix_len: 8}]}";
        return List.of(
                routed("router", internal)
                        .get(
                                "its timeout per try",
                                "/up",
                                "x-forwarded-for: 10.1.2.3",
                                "x-envoy-upstream-rq-per-try-timeout-ms: 50"),
                routed("suppress", internal).router("suppress_envoy_headers: true"),
                routed("expected-timeout", internal).router("respect_expected_rq_timeout: true"),
                health("health", "pass_through_mode: false"),
                health(
                        "health-of-clusters",
                        "pass_through_mode: false, cluster_min_healthy_percentages: {up: {value: 100}}"),
                health(
                        "health-of-empty",
                        "pass_through_mode: false, cluster_min_healthy_percentages: {up: {value: 1}, empty: {value: 50}}"),
                health(
                        "health-of-nothing",
                        "pass_through_mode: false, cluster_min_healthy_percentages: {nothing: {value: 0}}"),
                health("health-passed", "pass_through_mode: true"),
                health("health-cached", "pass_through_mode: true, cache_time: 600s"));
    }

    private static OptionListener routed(String name, String options) {
        String inside = "x-forwarded-for: 10.1.2.3";
        return new OptionListener(name, options)
                .routes(ROUTES)
                .get("plain", "/up")
                .get("rewritten", "/rewrite/x")
                .get("attempts told", "/up", "x-envoy-attempt-count: 7")
                .get("from inside", "/up", inside)
                .get("its timeout", "/up", inside, "x-envoy-upstream-rq-timeout-ms: 5000")
                .get(
                        "both its timeouts",
                        "/up",
                        inside,
                        "x-envoy-upstream-rq-timeout-ms: 50",
                        "x-envoy-upstream-rq-per-try-timeout-ms: 500")
                .get("no timeout", "/up", inside, "x-envoy-upstream-rq-timeout-ms: 0")
                .get("bad timeout", "/up", inside, "x-envoy-upstream-rq-timeout-ms: soon")
                .get("expected timeout", "/up", inside, "x-envoy-expected-rq-timeout-ms: 77")
                .get(
                        "expected and its timeout",
                        "/up",
                        inside,
                        "x-envoy-expected-rq-timeout-ms: 77",
                        "x-envoy-upstream-rq-timeout-ms: 88")
                .get("no timeout of the route", "/patient", inside)
                .get("other status", "/slow", inside, "x-envoy-upstream-rq-timeout-alt-response: 1")
                .get("no endpoint", "/none")
                .get("too many", "/full")
                .get("refused", "/refused")
                .get("direct response", "/direct")
                .add("route's timeout", closing("GET", "/slow"), "")
                .add("route's timeout to head", closing("HEAD", "/slow"), "")
                .add("its timeout passes", closing("GET", "/up", inside, "x-envoy-upstream-rq-timeout-ms: 50"), "")
                .add(
                        "its timeout passes in the body",
                        closing("GET", "/up", inside, "x-envoy-upstream-rq-timeout-ms: 50"),
                        "HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhalf")
                .add(
                        "its timeout while it sends",
                        closing("POST", "/up", inside, "x-envoy-upstream-rq-timeout-ms: 50", "content-length: 5")
                                + "he",
                        "")
                .add(
                        "other status passes",
                        closing("GET", "/slow", inside, "x-envoy-upstream-rq-timeout-alt-response: 1"),
                        "")
                .add("idle", closing("GET", "/idle"), "")
                .add("idle in the body", closing("GET", "/idle"), "HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhalf")
                .add("too long", closing("GET", "/short"), "")
                .add(
                        "too long in the body",
                        closing("GET", "/short"),
                        "HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhalf")
                .answered(
                        "answer with envoy's headers",
                        "HTTP/1.1 200 OK\r\nx-envoy-upstream-service-time: 5\r\nx-envoy-attempt-count: 3\r\nx-envoy-overloaded: true\r\nx-envoy-ratelimited: true\r\nx-envoy-upstream-canary: true\r\nx-envoy-degraded: 1\r\ncontent-length: 0\r\n\r\n");
    }

    private static OptionListener health(String name, String fields) {
        return new OptionListener(name, "")
                .routes(ROUTES)
                .filters("""
                        - name: envoy.filters.http.health_check
                          typed_config: {"@type": type.googleapis.com/envoy.extensions.filters.http.health_check.v3.HealthCheck, %s, headers: [{name: ":path", string_match: {exact: /up/health}}]}
                        """.formatted(fields))
                .get("check", "/up/health")
                .head("check by head", "/up/health")
                .add("check with a body", closing("POST", "/up/health", "content-length: 2") + "hi", OK)
                .add("check that fails", closing("GET", "/up/health"), "HTTP/1.1 503 No\r\ncontent-length: 2\r\n\r\nno")
                .add("check that fails at once", closing("GET", "/up/health"), "<close>")
                .get("check with a query", "/up/health?x")
                .get("other", "/up");
    }
}
