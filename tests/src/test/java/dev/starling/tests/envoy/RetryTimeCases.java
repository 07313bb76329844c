package dev.starling.tests.envoy;

import java.util.ArrayList;
import java.util.List;

/** Time-outs of tries, and of requests with several. */
final class RetryTimeCases {

    private static final String NEVER = "";
    private static final String HALF = "HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhalf";

    private RetryTimeCases() {}

    static List<RetryCase> all() {
        List<RetryCase> all = new ArrayList<>();
        perTry(all);
        perTryIdle(all);
        ofTheRoute(all);
        ofTheStream(all);
        return all;
    }

    private static void perTry(List<RetryCase> all) {
        String times = "per_try_timeout: 0.1s";
        for (String condition :
                List.of("5xx", "gateway-error", "reset", "reset-before-request", "connect-failure", "retriable-4xx")) {
            all.add(RetryCase.of("per try: " + condition)
                    .policy("retry_on: " + condition + ", " + times)
                    .answers(NEVER, "200"));
        }
        all.add(RetryCase.of("per try: 504 listed")
                .policy("retry_on: retriable-status-codes, retriable_status_codes: [504], " + times)
                .answers(NEVER, "200"));
        all.add(RetryCase.of("per try: limit").policy("retry_on: 5xx, " + times).answers(NEVER));
        all.add(RetryCase.of("per try: limit of two, then a status")
                .policy("retry_on: 5xx, num_retries: 2, " + times)
                .answers(NEVER, NEVER, "503"));
        all.add(RetryCase.of("per try: without a condition").policy(times).answers(NEVER, "200"));
        all.add(RetryCase.of("per try: of HTTP/2")
                .policy("retry_on: 5xx, " + times)
                .to("up2")
                .answers("never", "ok"));
        all.add(RetryCase.of("per try: limit, of HTTP/2")
                .policy("retry_on: 5xx, " + times)
                .to("up2")
                .answers("never"));
        all.add(RetryCase.of("per try: in the body")
                .action("timeout: 0.4s")
                .policy("retry_on: 5xx, " + times)
                .answers(HALF));
        all.add(RetryCase.of("per try: longer than the route's")
                .action("timeout: 0.2s")
                .policy("retry_on: 5xx, per_try_timeout: 0.4s")
                .answers(NEVER, "200"));
        all.add(RetryCase.of("per try: as long as the route's")
                .action("timeout: 0.2s")
                .policy("retry_on: 5xx, per_try_timeout: 0.2s")
                .answers(NEVER, "200"));
        all.add(RetryCase.of("per try: longer than the route's, answered")
                .action("timeout: 7s")
                .policy("retry_on: 5xx, per_try_timeout: 9s")
                .answers("503", "200"));
        all.add(RetryCase.of("per try: shorter than the route's, answered")
                .action("timeout: 9s")
                .policy("retry_on: 5xx, per_try_timeout: 7s")
                .answers("503", "200"));
        all.add(RetryCase.of("per try: where the route has none")
                .action("timeout: 0s")
                .policy("retry_on: 5xx, " + times)
                .answers(NEVER, "200"));
        all.add(RetryCase.of("per try: of what is being sent")
                .action("timeout: 0.2s")
                .policy("retry_on: 5xx, " + times)
                .client(stage -> stage.http1(stage.head("POST", "content-length: 5") + "hell", 300))
                .answers("<early>"));
        all.add(RetryCase.of("idle try: of what is being sent")
                .policy("retry_on: 5xx, per_try_idle_timeout: 0.1s")
                .client(stage -> stage.http1(stage.head("POST", "content-length: 5") + "hell", 1000))
                .answers("<early>"));
        all.add(RetryCase.of("route's time: of what is being sent")
                .action("timeout: 0.1s")
                .on("5xx")
                .client(stage -> stage.http1(stage.head("POST", "content-length: 5") + "hell", 300))
                .answers("<early>503", "<early>"));
        String header = "x-envoy-upstream-rq-per-try-timeout-ms: ";
        all.add(RetryCase.of("per try: of the client")
                .on("5xx")
                .inside(header + "100")
                .answers(NEVER, "200"));
        all.add(RetryCase.of("per try: of the client, limit")
                .on("5xx")
                .inside(header + "100")
                .answers(NEVER));
        all.add(RetryCase.of("per try: of the client, instead of the route's")
                .policy("retry_on: 5xx, per_try_timeout: 8s")
                .inside(header + "100")
                .answers(NEVER, "200"));
        all.add(RetryCase.of("per try: of the client, without a policy")
                .inside(header + "100")
                .answers(NEVER));
        all.add(RetryCase.of("per try: of a client outside")
                .on("5xx")
                .get(header + "100")
                .answers("503", "200"));
        for (String value : List.of("0", "x", "-1", "", "20000")) {
            all.add(RetryCase.of("per try: of the client, '" + value + "'")
                    .policy("retry_on: 5xx, per_try_timeout: 8s")
                    .inside(header + value)
                    .answers("503", "200"));
        }
        for (int route : new int[] {3000, 7000, 9000}) {
            all.add(RetryCase.of("per try: 7000 of the client, and " + route + " in all")
                    .on("5xx")
                    .inside(header + "7000", "x-envoy-upstream-rq-timeout-ms: " + route)
                    .answers("503", "200"));
        }
        all.add(RetryCase.of("per try: alternative status")
                .policy("retry_on: retriable-4xx, " + times)
                .inside("x-envoy-upstream-rq-timeout-alt-response: 1")
                .answers(NEVER));
        all.add(RetryCase.of("per try: grpc")
                .policy("retry_on: deadline-exceeded, " + times)
                .to("up2")
                .client(stage -> stage.http2(
                        wire -> wire.headers(1, true, stage.fields("POST", "content-type: application/grpc"))))
                .answers("never", "grpc-0"));
    }

    private static void perTryIdle(List<RetryCase> all) {
        String times = "per_try_idle_timeout: 0.1s";
        all.add(RetryCase.of("idle try: retried")
                .policy("retry_on: 5xx, " + times)
                .answers(NEVER, "200"));
        all.add(RetryCase.of("idle try: limit")
                .policy("retry_on: 5xx, " + times)
                .answers(NEVER));
        all.add(RetryCase.of("idle try: not retried")
                .policy("retry_on: retriable-4xx, " + times)
                .answers(NEVER));
        all.add(RetryCase.of("idle try: in the body")
                .policy("retry_on: 5xx, " + times)
                .answers(HALF));
        all.add(RetryCase.of("idle try: of HTTP/2")
                .policy("retry_on: 5xx, " + times)
                .to("up2")
                .answers("never", "ok"));
        all.add(RetryCase.of("idle try: in the body, of HTTP/2")
                .policy("retry_on: 5xx, " + times)
                .to("up2")
                .answers("begun"));
        all.add(RetryCase.of("idle try: and per try")
                .policy("retry_on: 5xx, per_try_timeout: 5s, " + times)
                .answers(NEVER, "200"));
        all.add(RetryCase.of("idle try: in the body, after the time of the try")
                .policy("retry_on: 5xx, per_try_timeout: 0.05s, " + times)
                .client(stage -> stage.http1(stage.head("GET"), 400))
                .answers(HALF));
        all.add(RetryCase.of("idle try: all of a budget")
                .policy("retry_on: 5xx, " + times)
                .to("allbudget")
                .answers(NEVER, "200"));
    }

    private static void ofTheRoute(List<RetryCase> all) {
        all.add(RetryCase.of("route's time: in the first attempt")
                .action("timeout: 0.1s")
                .on("5xx")
                .answers(NEVER, "200"));
        all.add(RetryCase.of("route's time: in the second attempt")
                .action("timeout: 0.2s")
                .on("5xx")
                .answers("503", NEVER));
        all.add(RetryCase.of("route's time: in the second attempt, behind a reset")
                .action("timeout: 0.2s")
                .policy("retry_on: 5xx, num_retries: 3")
                .answers("<close>", NEVER));
        all.add(RetryCase.of("route's time: in the second attempt, per try")
                .action("timeout: 0.35s")
                .policy("retry_on: 5xx, num_retries: 3, per_try_timeout: 0.2s")
                .answers(NEVER));
        all.add(RetryCase.of("route's time: in the body of the second attempt")
                .action("timeout: 0.2s")
                .on("5xx")
                .answers("503", HALF));
        all.add(RetryCase.of("route's time: while the retry waits")
                .action("timeout: 0.2s")
                .policy("retry_on: 5xx, rate_limited_retry_back_off: {reset_headers: [{name: retry-after}]}")
                .answers("503 retry-after: 100", "200"));
        all.add(RetryCase.of("route's time: while the retry waits, alternative status")
                .action("timeout: 0.2s")
                .policy("retry_on: 5xx, rate_limited_retry_back_off: {reset_headers: [{name: retry-after}]}")
                .inside("x-envoy-upstream-rq-timeout-alt-response: 1")
                .answers("503 retry-after: 100", "200"));
        all.add(RetryCase.of("route's time: of the client")
                .on("5xx")
                .inside("x-envoy-upstream-rq-timeout-ms: 200")
                .answers("503", NEVER));
        all.add(RetryCase.of("route's time: expected")
                .listener("quiet")
                .on("5xx")
                .inside("x-envoy-expected-rq-timeout-ms: 5000")
                .answers("503", "200"));
        all.add(RetryCase.of("route's time: refused again and again")
                .action("timeout: 0.3s")
                .policy("retry_on: connect-failure, num_retries: 3")
                .to("hanging"));
        all.add(RetryCase.of("route's time: idle in the second attempt")
                .action("idle_timeout: 0.2s")
                .on("5xx")
                .answers("503", NEVER));
    }

    private static void ofTheStream(List<RetryCase> all) {
        all.add(RetryCase.of("stream's time: of the cluster, retried")
                .on("5xx")
                .to("lasting")
                .answers(NEVER, "200"));
        all.add(RetryCase.of("stream's time: of the cluster, limit")
                .on("5xx")
                .to("lasting")
                .answers(NEVER));
        all.add(RetryCase.of("stream's time: of the cluster, not retried")
                .on("retriable-4xx")
                .to("lasting")
                .answers(NEVER));
        all.add(RetryCase.of("stream's time: of the cluster, reset")
                .on("reset")
                .to("lasting")
                .answers(NEVER, "200"));
        all.add(RetryCase.of("stream's time: of the cluster, in the body")
                .on("5xx")
                .to("lasting")
                .answers(HALF));
        all.add(RetryCase.of("stream's time: of the cluster, incomplete")
                .on("5xx")
                .to("lasting")
                .client(stage -> stage.http1(stage.head("POST", "content-length: 5") + "he"))
                .answers(NEVER));
        all.add(RetryCase.of("stream's time: of the route")
                .action("max_stream_duration: {max_stream_duration: 0.2s}")
                .on("5xx")
                .answers("503", NEVER));
        all.add(RetryCase.of("stream's time: of the client")
                .on("5xx")
                .inside("x-envoy-upstream-stream-duration-ms: 100")
                .answers(NEVER, "200"));
    }
}
