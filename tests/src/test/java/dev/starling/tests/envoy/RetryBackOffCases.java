package dev.starling.tests.envoy;

import java.util.ArrayList;
import java.util.List;

/** How long a retry waits, which is told by counters and not by time. */
final class RetryBackOffCases {

    private RetryBackOffCases() {}

    static List<RetryCase> all() {
        List<RetryCase> all = new ArrayList<>();
        String limited =
                "retry_on: 5xx, num_retries: 3, rate_limited_retry_back_off: {max_interval: 2s, reset_headers: "
                        + "[{name: retry-after, format: SECONDS}, {name: x-reset, format: UNIX_TIMESTAMP}]}";
        for (String header : List.of(
                "retry-after: 0",
                "retry-after: 1",
                "retry-after: 3",
                "retry-after: -1",
                "retry-after: soon",
                "retry-after: 1.5",
                "retry-after: Wed, 21 Oct 2015 07:28:00 GMT",
                "retry-after: 99999999999999999999",
                "retry-after: x | retry-after: 1",
                "retry-after: 1 | retry-after: x",
                "retry-after: ",
                "retry-after: 3 | x-reset: 3",
                "retry-after: x | x-reset: {soon}",
                "x-reset: {soon}",
                "x-reset: 1",
                "x-reset: 99999999999",
                "x-reset: x",
                "x-other: 1")) {
            all.add(RetryCase.of("back-off: " + header).policy(limited).answers("503 " + header, "503", "200"));
        }
        all.add(RetryCase.of("back-off: limited twice")
                .policy(limited)
                .answers("503 retry-after: 1", "503 retry-after: 1", "503", "200"));
        all.add(RetryCase.of("back-off: limited, limit")
                .policy("retry_on: 5xx, rate_limited_retry_back_off: {reset_headers: [{name: retry-after}]}")
                .answers("503", "503 retry-after: 1"));
        all.add(RetryCase.of("back-off: not limited by a status that is not retried")
                .policy(limited)
                .answers("429 retry-after: 1", "200"));
        all.add(RetryCase.of("back-off: limited and marked")
                .policy(limited.replace("5xx", "envoy-ratelimited"))
                .answers("429 retry-after: 1 | x-envoy-ratelimited: true", "200"));
        all.add(RetryCase.of("back-off: without a back-off of the policy")
                .action("retry_policy: {retry_on: 5xx, num_retries: 2}")
                .answers("503"));
        all.add(RetryCase.of("back-off: base alone")
                .action("retry_policy: {retry_on: 5xx, num_retries: 2, retry_back_off: {base_interval: 0.001s}}")
                .answers("503"));
        all.add(RetryCase.of("back-off: of the runtime")
                .action("retry_policy: {retry_on: 5xx, num_retries: 2}")
                .client(stage -> {
                    stage.proxy().post("/runtime_modify?upstream.base_retry_backoff_ms=1");
                    String got = stage.http1(stage.head("GET"));
                    stage.proxy().post("/runtime_modify?upstream.base_retry_backoff_ms=");
                    return got;
                })
                .answers("503"));
        return all;
    }
}
