package dev.starling.tests.envoy;

import static dev.starling.tests.envoy.RetryCase.AT_ONCE;
import static dev.starling.tests.envoy.RetryCase.COUNTING;

import java.util.ArrayList;
import java.util.List;

/** How often a request is tried, who says so, and what is told of it. */
final class RetryCountCases {

    private RetryCountCases() {}

    static List<RetryCase> all() {
        List<RetryCase> all = new ArrayList<>();
        all.add(RetryCase.of("count: default").on("5xx").answers("503", "503", "200"));
        for (int count : new int[] {0, 1, 3}) {
            String policy = "retry_on: 5xx, num_retries: " + count;
            all.add(RetryCase.of("count: " + count + ", statuses")
                    .policy(policy)
                    .answers("503"));
            all.add(RetryCase.of("count: " + count + ", resets").policy(policy).answers("<close>"));
            all.add(RetryCase.of("count: " + count + ", refused").policy(policy).to("refused"));
            all.add(RetryCase.of("count: " + count + ", HTTP/2 resets")
                    .policy(policy)
                    .to("up2")
                    .answers("rst-2"));
        }
        String three = "retry_on: 5xx, num_retries: 3";
        all.add(RetryCase.of("count: the second succeeds").policy(three).answers("503", "200"));
        all.add(RetryCase.of("count: the third succeeds").policy(three).answers("503", "<close>", "200"));
        all.add(RetryCase.of("count: the last succeeds").policy(three).answers("500", "501", "502", "200"));
        all.add(RetryCase.of("count: the last is another failure").policy(three).answers("500", "501", "502", "503"));
        all.add(RetryCase.of("count: the second is not retried").policy(three).answers("503", "404"));
        all.add(RetryCase.of("count: status, then reset")
                .policy("retry_on: 5xx")
                .answers("503", "<close>"));
        all.add(RetryCase.of("count: reset, then status")
                .policy("retry_on: 5xx")
                .answers("<close>", "503"));
        all.add(RetryCase.of("count: reset, then a reset that is not retried")
                .policy("retry_on: 'connect-failure,retriable-4xx', num_retries: 3")
                .answers("409", "<close>"));
        all.add(RetryCase.of("count: more than the breaker allows at once")
                .policy("retry_on: 5xx, num_retries: 5")
                .answers("503", "503", "503", "503", "503", "200"));
        hosts(all);
        told(all);
        return all;
    }

    /** Policies of virtual hosts. */
    private static void hosts(List<RetryCase> all) {
        String host = COUNTING + ", retry_policy: {retry_on: 5xx, num_retries: 2, " + AT_ONCE + "}";
        all.add(RetryCase.of("host: its policy").host(host).answers("503"));
        all.add(RetryCase.of("host: another policy of the route")
                .host(host)
                .on("retriable-4xx")
                .answers("503"));
        all.add(RetryCase.of("host: another policy of the route, met")
                .host(host)
                .on("retriable-4xx")
                .answers("409"));
        all.add(RetryCase.of("host: an empty policy of the route")
                .host(host)
                .action("retry_policy: {}")
                .answers("503"));
        all.add(RetryCase.of("host: its policy and the client's")
                .host(host)
                .inside("x-envoy-retry-on: retriable-4xx", "x-envoy-max-retries: 3")
                .answers("503", "409"));
    }

    private static void told(List<RetryCase> all) {
        all.add(RetryCase.of("told: nothing").host("retry_policy: {}").on("5xx").answers("503", "<close>", "200"));
        all.add(RetryCase.of("told: nothing, twice")
                .host("retry_policy: {}")
                .policy("retry_on: 5xx, num_retries: 2")
                .answers("503"));
        all.add(RetryCase.of("told: attempts to the endpoint")
                .host("include_request_attempt_count: true")
                .on("5xx")
                .answers("503", "200"));
        all.add(RetryCase.of("told: attempts to the client")
                .host("include_attempt_count_in_response: true")
                .on("5xx")
                .answers("503", "200"));
        all.add(RetryCase.of("told: time-outs")
                .host("include_is_timeout_retry_header: true")
                .on("5xx")
                .answers("503", "200"));
        all.add(RetryCase.of("told: the client's own count")
                .on("5xx")
                .get("x-envoy-attempt-count: 7")
                .answers("503", "200"));
        all.add(RetryCase.of("told: the inner client's own count")
                .on("5xx")
                .inside("x-envoy-attempt-count: 7", "x-envoy-is-timeout-retry: true")
                .answers("503", "200"));
        all.add(RetryCase.of("told: the client's own count, nothing else")
                .host("retry_policy: {}")
                .on("5xx")
                .get("x-envoy-attempt-count: 7", "x-envoy-is-timeout-retry: true")
                .answers("503", "200"));
        all.add(RetryCase.of("told: the endpoint's own count")
                .on("5xx")
                .answers("503", "200 x-envoy-attempt-count: 9"));
        all.add(RetryCase.of("told: suppressed").listener("quiet").on("5xx").answers("503", "200"));
        all.add(RetryCase.of("told: suppressed, limit")
                .listener("quiet")
                .on("5xx")
                .answers("<close>"));
        all.add(RetryCase.of("told: in statistics of the route")
                .route("stat_prefix: counted")
                .policy("retry_on: 5xx, num_retries: 2")
                .answers("503", "503", "200"));
        all.add(RetryCase.of("told: in statistics of the route, limit")
                .route("stat_prefix: limited")
                .on("5xx")
                .answers("503"));
        all.add(RetryCase.of("told: canary").on("5xx").answers("503 x-envoy-upstream-canary: true", "200"));
        all.add(RetryCase.of("told: header of the route with the attempt")
                .route(
                        "request_headers_to_add: [{header: {key: x-try, value: '%UPSTREAM_REQUEST_ATTEMPT_COUNT%'}}, {header: {key: x-count, value: '%REQ(x-envoy-attempt-count)%'}}], response_headers_to_add: [{header: {key: x-tries, value: '%UPSTREAM_REQUEST_ATTEMPT_COUNT%'}}]")
                .on("5xx")
                .answers("503", "200"));
        all.add(RetryCase.of("told: rewritten once")
                .action("prefix_rewrite: /new, host_rewrite_literal: b.test, append_x_forwarded_host: true")
                .on("5xx")
                .answers("503", "200"));
    }
}
