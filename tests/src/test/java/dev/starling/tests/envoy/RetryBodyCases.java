package dev.starling.tests.envoy;

import static dev.starling.tests.envoy.RetryCase.COUNTING;
import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.net.Socket;
import java.util.ArrayList;
import java.util.List;

/** What each attempt gets of a request's body, and what becomes of bodies that are too large to keep. */
final class RetryBodyCases {

    private static final String FIVE = "content-length: 5";
    private static final String CHUNKED = "transfer-encoding: chunked";

    /** So long that no case sees the end of it. */
    private static final String LONG_WAIT =
            "rate_limited_retry_back_off: {reset_headers: [{name: retry-after, format: SECONDS}]}";

    private RetryBodyCases() {}

    static List<RetryCase> all() {
        List<RetryCase> all = new ArrayList<>();
        complete(all);
        late(all);
        large(all);
        return all;
    }

    private static void complete(List<RetryCase> all) {
        for (String answer : List.of("503", "<close>", "<early>503", "<early><close>")) {
            all.add(RetryCase.of("body: with a length, " + answer)
                    .policy("retry_on: 5xx, num_retries: 2")
                    .client(stage -> stage.http1(stage.head("POST", FIVE) + "hello"))
                    .answers(answer, "503", "200"));
            all.add(RetryCase.of("body: chunked with trailers, " + answer)
                    .policy("retry_on: 5xx, num_retries: 2")
                    .client(stage ->
                            stage.http1(stage.head("POST", CHUNKED) + "3\r\nabc\r\n2\r\nde\r\n0\r\nx-t: after\r\n\r\n"))
                    .answers(answer, "503", "200"));
            all.add(http2("body: of HTTP/2, " + answer).answers(answer, "503", "200"));
        }
        for (String answer : List.of("~status-503", "~rst-7", "~rst-2", "~close")) {
            all.add(http2("body: HTTP/2 to HTTP/2, " + answer).to("up2").answers(answer, "~status-503", "~ok"));
            all.add(RetryCase.of("body: chunked to HTTP/2, " + answer)
                    .on("5xx")
                    .to("up2")
                    .client(stage -> stage.http1(stage.head("POST", CHUNKED) + "3\r\nabc\r\n0\r\nx-t: after\r\n\r\n"))
                    .answers(answer, "~ok"));
        }
        all.add(RetryCase.of("body: empty")
                .on("5xx")
                .client(stage -> stage.http1(stage.head("POST", "content-length: 0")))
                .answers("503", "200"));
        all.add(RetryCase.of("body: empty, chunked")
                .on("5xx")
                .client(stage -> stage.http1(stage.head("POST", CHUNKED) + "0\r\n\r\n"))
                .answers("503", "200"));
        all.add(RetryCase.of("body: of 60,000 bytes")
                .on("5xx")
                .client(stage -> stage.http1(stage.head("POST", "content-length: 60000") + "x".repeat(60_000)))
                .answers("503", "200"));
        all.add(RetryCase.of("body: of 500,000 bytes")
                .on("5xx")
                .client(stage -> stage.http1(stage.head("POST", "content-length: 500000") + "x".repeat(500_000)))
                .answers("503", "200"));
        all.add(RetryCase.of("body: to nobody")
                .on("connect-failure")
                .to("refused")
                .client(stage -> stage.http1(stage.head("POST", FIVE) + "hello")));
        all.add(RetryCase.of("body: expected")
                .on("5xx")
                .client(stage -> stage.http1(stage.head("POST", FIVE, "expect: 100-continue") + "hello"))
                .answers("503", "200"));
    }

    private static RetryCase http2(String name) {
        return RetryCase.of(name)
                .policy("retry_on: 5xx, num_retries: 2")
                .client(stage -> stage.http2(wire -> wire.together(() -> {
                    wire.headers(1, false, stage.fields("POST"));
                    wire.data(1, "abc", false);
                    wire.data(1, "de", false);
                    wire.headers(1, true, "x-t: after");
                })));
    }

    /** The client goes on sending when attempts have failed. */
    private static void late(List<RetryCase> all) {
        for (String answer : List.of("<early>503", "<early><close>", "<early><reset>")) {
            all.add(RetryCase.of("late: all of it behind the first attempt, " + answer)
                    .on("5xx")
                    .client(stage -> behindAttempt(stage, FIVE, "", "hello"))
                    .answers(answer, "200"));
            all.add(RetryCase.of("late: half of it behind the first attempt, " + answer)
                    .on("5xx")
                    .client(stage -> behindAttempt(stage, FIVE, "he", "llo"))
                    .answers(answer, "200"));
            all.add(RetryCase.of("late: trailers behind the first attempt, " + answer)
                    .on("5xx")
                    .client(stage ->
                            behindAttempt(stage, CHUNKED, "2\r\nhe\r\n", "3\r\nllo\r\n0\r\nx-t: after\r\n\r\n"))
                    .answers(answer, "200"));
        }
        all.add(RetryCase.of("late: while the retry waits")
                .policy("retry_on: 5xx, " + LONG_WAIT)
                .client(stage -> waiting(stage, "content-length: 10", "hello", socket -> {
                    socket.getOutputStream().write("world".getBytes(ISO_8859_1));
                    return ClientTalk.http1(socket);
                }))
                .answers("<early>503 retry-after: 2", "200"));
    }

    /** Sends the one part, and the other when the second attempt has begun. */
    private static String behindAttempt(RetryStage stage, String header, String first, String second)
            throws java.io.IOException {
        try (Socket socket = stage.connect()) {
            socket.getOutputStream().write((stage.head("POST", header) + first).getBytes(ISO_8859_1));
            stage.awaitAttempts(2);
            return ClientTalk.http1(socket, second);
        }
    }

    interface Then {
        String goOn(Socket socket) throws java.io.IOException;
    }

    /** Sends a part, and goes on when the first attempt is over and the retry waits. */
    private static String waiting(RetryStage stage, String header, String first, Then then) throws java.io.IOException {
        long retried = stage.stat("retry.upstream_rq_completed");
        try (Socket socket = stage.connect()) {
            socket.getOutputStream().write((stage.head("POST", header) + first).getBytes(ISO_8859_1));
            stage.await("retry.upstream_rq_completed", retried + 1);
            return then.goOn(socket);
        }
    }

    private static void large(List<RetryCase> all) {
        for (int size : new int[] {99, 100, 101, 1000}) {
            RetryCase posting = RetryCase.of("")
                    .on("5xx")
                    .client(stage -> stage.http1(stage.head("POST", "content-length: " + size) + "x".repeat(size)))
                    .answers("503", "200");
            all.add(named("large: " + size + " of 100 of the host", posting)
                    .host(COUNTING + ", per_request_buffer_limit_bytes: 100"));
            all.add(named("large: " + size + " of 100 of the route", posting)
                    .route("per_request_buffer_limit_bytes: 100"));
            all.add(named("large: " + size + " of 100 of the route, 10 of the host", posting)
                    .host(COUNTING + ", per_request_buffer_limit_bytes: 10")
                    .route("per_request_buffer_limit_bytes: 100"));
        }
        all.add(RetryCase.of("large: none at all of the route")
                .route("per_request_buffer_limit_bytes: 0")
                .on("5xx")
                .client(stage -> stage.http1(stage.head("POST", FIVE) + "hello"))
                .answers("503", "200"));
        all.add(RetryCase.of("large: reset behind it")
                .route("per_request_buffer_limit_bytes: 10")
                .on("5xx")
                .client(stage -> stage.http1(stage.head("POST", "content-length: 20") + "x".repeat(20)))
                .answers("<close>", "200"));
        all.add(RetryCase.of("large: without a policy")
                .route("per_request_buffer_limit_bytes: 10")
                .client(stage -> stage.http1(stage.head("POST", "content-length: 20") + "x".repeat(20)))
                .answers("503"));
        all.add(RetryCase.of("large: in parts, when the second attempt has begun")
                .route("per_request_buffer_limit_bytes: 10")
                .policy("retry_on: 5xx, num_retries: 3")
                .client(stage -> behindAttempt(stage, "content-length: 20", "hello", "x".repeat(15)))
                .answers("<early>503", "503", "200"));
        all.add(RetryCase.of("large: while the retry waits")
                .route("per_request_buffer_limit_bytes: 10")
                .policy("retry_on: 5xx, " + LONG_WAIT)
                .client(stage -> waiting(
                        stage, "content-length: 20", "hello", socket -> ClientTalk.http1(socket, "x".repeat(15))))
                .answers("<early>503 retry-after: 100", "200"));
        all.add(RetryCase.of("large: to nobody")
                .route("per_request_buffer_limit_bytes: 10")
                .on("5xx")
                .to("refused")
                .client(stage -> stage.http1(stage.head("POST", "content-length: 20") + "x".repeat(20))));
        all.add(RetryCase.of("large: of HTTP/2")
                .route("per_request_buffer_limit_bytes: 10")
                .on("5xx")
                .to("up2")
                .client(stage -> stage.http2(wire -> wire.together(() -> {
                    wire.headers(1, false, stage.fields("POST"));
                    wire.data(1, "x".repeat(20), true);
                })))
                .answers("~rst-7", "ok"));
    }

    private static RetryCase named(String name, RetryCase like) {
        return new RetryCase(
                name,
                like.listener(),
                like.host(),
                like.match(),
                like.route(),
                like.action(),
                like.cluster(),
                like.client(),
                like.answers(),
                like.whichever());
    }
}
