package dev.starling.tests.envoy;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;

/** What keeps a retry from being made: circuit breakers, the runtime, no endpoint, a client that has gone. */
final class RetryLimitCases {

    /** Of a policy whose retries wait for as long as the endpoint says. */
    private static final String WAITS =
            "retry_on: '5xx,retriable-4xx', rate_limited_retry_back_off: {reset_headers: [{name: retry-after}]}";

    private static final String A_WHILE = "503 retry-after: 100";

    private RetryLimitCases() {}

    static List<RetryCase> all() {
        List<RetryCase> all = new ArrayList<>();
        breakers(all);
        runtime(all);
        endpoints(all);
        clients(all);
        return all;
    }

    private static void breakers(List<RetryCase> all) {
        for (String cluster : List.of("tight", "nobudget", "single", "budget", "allbudget")) {
            for (String answer : List.of("503", "<close>")) {
                all.add(RetryCase.of("breaker: " + cluster + ", " + answer)
                        .policy("retry_on: 5xx, num_retries: 2")
                        .to(cluster)
                        .answers(answer, "200"));
            }
            all.add(RetryCase.of("breaker: " + cluster + ", and no retry left")
                    .policy("retry_on: 5xx, num_retries: 0")
                    .to(cluster)
                    .answers("503"));
            all.add(RetryCase.of("breaker: " + cluster + ", per try")
                    .policy("retry_on: 5xx, per_try_timeout: 0.1s")
                    .to(cluster)
                    .answers("", "200"));
            all.add(RetryCase.of("breaker: " + cluster + ", with a time to wait")
                    .policy(WAITS)
                    .to(cluster)
                    .answers("503 retry-after: 0", "200"));
        }
        all.add(RetryCase.of("breaker: suppressed")
                .listener("quiet")
                .on("5xx")
                .to("tight")
                .answers("503"));
        all.add(RetryCase.of("breaker: suppressed, reset")
                .listener("quiet")
                .on("5xx")
                .to("tight")
                .answers("<close>"));
        for (String cluster : List.of("full", "unqueued")) {
            all.add(RetryCase.of("breaker: " + cluster + " is not retried")
                    .policy("retry_on: 'reset,5xx,connect-failure,gateway-error', num_retries: 2")
                    .to(cluster));
            all.add(RetryCase.of("breaker: " + cluster + ", 503 listed")
                    .policy("retry_on: retriable-status-codes, retriable_status_codes: [503]")
                    .to(cluster));
        }
        for (String cluster : List.of("single", "allbudget", "up")) {
            all.add(RetryCase.of("breaker: " + cluster + ", while another waits")
                    .policy(WAITS)
                    .to(cluster)
                    .client(RetryLimitCases::twoAtOnce)
                    .answers(A_WHILE, "503"));
        }
    }

    /** The second request fails while the retry of the first waits. */
    private static String twoAtOnce(RetryStage stage) throws IOException {
        try (Socket waiting = wait(stage)) {
            String gauges = "open " + stage.stat("circuit_breakers.default.rq_retry_open") + " left "
                    + stage.stat("circuit_breakers.default.remaining_retries");
            String second = stage.http1(stage.head("GET"));
            waiting.setSoLinger(true, 0);
            return gauges + "\n" + second;
        }
    }

    /** A client whose request has failed and waits to be tried again. */
    private static Socket wait(RetryStage stage) throws IOException {
        long retried = stage.stat("retry.upstream_rq_completed");
        Socket socket = stage.connect();
        socket.getOutputStream().write(stage.head("GET").getBytes(ISO_8859_1));
        stage.await("retry.upstream_rq_completed", retried + 1);
        return socket;
    }

    private static void runtime(List<RetryCase> all) {
        for (String answer : List.of("503", "<close>")) {
            all.add(RetryCase.of("runtime: no retries, " + answer)
                    .on("5xx")
                    .client(stage -> with(stage, "upstream.use_retry", "0"))
                    .answers(answer, "200"));
        }
        all.add(RetryCase.of("runtime: no retries, and none left")
                .policy("retry_on: 5xx, num_retries: 0")
                .client(stage -> with(stage, "upstream.use_retry", "0"))
                .answers("503"));
        all.add(RetryCase.of("runtime: all retries")
                .on("5xx")
                .client(stage -> with(stage, "upstream.use_retry", "100"))
                .answers("503", "200"));
        all.add(RetryCase.of("runtime: the breaker's retries")
                .on("5xx")
                .to("single")
                .client(stage -> with(stage, "circuit_breakers.single.default.max_retries", "0"))
                .answers("503", "200"));
        all.add(RetryCase.of("runtime: the breaker's retries, more")
                .on("5xx")
                .to("tight")
                .client(stage -> with(stage, "circuit_breakers.tight.default.max_retries", "1"))
                .answers("503", "200"));
    }

    private static String with(RetryStage stage, String key, String value) throws IOException {
        stage.proxy().post("/runtime_modify?" + key + "=" + value);
        String got = stage.http1(stage.head("GET"));
        stage.proxy().post("/runtime_modify?" + key + "=");
        return got;
    }

    private static void endpoints(List<RetryCase> all) {
        all.add(RetryCase.of("endpoints: none").on("5xx").to("none"));
        for (String answer : List.of("503", "<close>")) {
            all.add(RetryCase.of("endpoints: none left for the second attempt, " + answer)
                    .policy("retry_on: 5xx, num_retries: 3")
                    .to("leaving")
                    .client(RetryLimitCases::leaving)
                    .answers("<hold>" + answer, "200"));
        }
    }

    /** The only endpoint is gone when it answers. */
    private static String leaving(RetryStage stage) throws IOException {
        stage.upstreams().leaving(List.of(stage.upstreams().http1.port("a")));
        stage.await("membership_total", 1);
        try (Socket socket = stage.connect()) {
            socket.getOutputStream().write(stage.head("GET").getBytes(ISO_8859_1));
            stage.awaitAttempts(1);
            stage.upstreams().leaving(List.of());
            stage.await("membership_total", 0);
            stage.upstreams().http1.release();
            return ClientTalk.http1(socket);
        }
    }

    private static void clients(List<RetryCase> all) {
        all.add(RetryCase.of("client: goes while the retry waits")
                .policy(WAITS)
                .to("single")
                .client(stage -> {
                    try (Socket socket = wait(stage)) {
                        return "open " + stage.stat("circuit_breakers.default.rq_retry_open") + " of "
                                + stage.stat("upstream_rq_active") + socket.isClosed();
                    }
                })
                .answers(A_WHILE, "200"));
        all.add(RetryCase.of("client: aborts while the retry waits")
                .policy(WAITS)
                .client(stage -> {
                    try (Socket socket = wait(stage)) {
                        socket.setSoLinger(true, 0);
                    }
                    return "";
                })
                .answers(A_WHILE, "200"));
        all.add(RetryCase.of("client: of HTTP/2 gives up while the retry waits")
                .policy(WAITS)
                .client(stage -> {
                    long retried = stage.stat("retry.upstream_rq_completed");
                    return stage.http2(wire -> {
                        wire.headers(1, true, stage.fields("GET"));
                        stage.await("retry.upstream_rq_completed", retried + 1);
                        wire.together(() -> {
                            wire.reset(1, 8);
                            wire.headers(3, true, stage.fields("GET"));
                        });
                    });
                })
                .answers(A_WHILE, "200"));
        all.add(RetryCase.of("client: goes in the second attempt")
                .on("5xx")
                .client(stage -> {
                    try (Socket socket = stage.connect()) {
                        socket.getOutputStream().write(stage.head("GET").getBytes(ISO_8859_1));
                        stage.awaitAttempts(2);
                    }
                    return "";
                })
                .answers("503", ""));
    }
}
