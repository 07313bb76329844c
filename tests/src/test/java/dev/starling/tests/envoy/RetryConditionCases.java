package dev.starling.tests.envoy;

import java.util.ArrayList;
import java.util.List;

/** Every condition of {@code retry_on}, with answers that meet it and answers that do not. */
final class RetryConditionCases {

    private static final String[] ALL = {
        "5xx",
        "gateway-error",
        "reset",
        "reset-before-request",
        "connect-failure",
        "refused-stream",
        "retriable-4xx",
        "envoy-ratelimited",
        "cancelled",
        "unavailable"
    };

    private final List<RetryCase> cases = new ArrayList<>();

    static List<RetryCase> all() {
        RetryConditionCases all = new RetryConditionCases();
        all.everyConditionWithEveryFailure();
        all.combined();
        all.codes();
        all.headers();
        all.ratelimited();
        all.grpc();
        return all.cases;
    }

    private void add(RetryCase each) {
        cases.add(each);
    }

    private void everyConditionWithEveryFailure() {
        for (String condition : ALL) {
            for (String answer :
                    List.of("500", "503", "504", "409", "404", "200 grpc-status: 1", "<close>", "<reset>")) {
                add(RetryCase.of(condition + ": " + answer).on(condition).answers(answer, "200"));
            }
            add(RetryCase.of(condition + ": garbage").on(condition).answers("what is this\r\n\r\n", "200"));
            add(RetryCase.of(condition + ": connection refused").on(condition).to("refused"));
            for (String answer :
                    List.of("status-503", "rst-0", "rst-2", "rst-7", "rst-8", "goaway-0", "close", "garbage")) {
                add(RetryCase.of(condition + ": HTTP/2 " + answer)
                        .on(condition)
                        .to("up2")
                        .answers(answer, "ok"));
            }
        }
        add(RetryCase.of("connect-failure: connection timeout")
                .on("connect-failure")
                .to("hanging"));
        add(RetryCase.of("5xx: connection timeout").on("5xx").to("hanging"));
        add(RetryCase.of("refused-stream: connection timeout")
                .on("refused-stream")
                .to("hanging"));
        add(RetryCase.of("reset-before-request: connection timeout")
                .on("reset-before-request")
                .to("hanging"));
        add(RetryCase.of("http3-post-connect-failure: 503")
                .on("http3-post-connect-failure")
                .answers("503", "200"));
        add(RetryCase.of("http3-post-connect-failure: 425")
                .on("http3-post-connect-failure")
                .answers("425", "200"));
        add(RetryCase.of("5xx: 599").on("5xx").answers("599", "200"));
        add(RetryCase.of("gateway-error: 502").on("gateway-error").answers("502", "200"));
    }

    private void combined() {
        add(RetryCase.of("no condition").policy("num_retries: 2").answers("503", "200"));
        add(RetryCase.of("two conditions").on("retriable-4xx,connect-failure").answers("409", "200"));
        add(RetryCase.of("conditions with spaces").on(" retriable-4xx , 5xx ").answers("503", "200"));
        add(RetryCase.of("an unknown word").on("whenever").answers("503", "200"));
        add(RetryCase.of("an unknown word beside a known one")
                .on("whenever,5xx")
                .answers("503", "200"));
        add(RetryCase.of("a condition in capitals").on("5XX").answers("503", "200"));
        add(RetryCase.of("empty words").on(",,5xx,").answers("503", "200"));
        add(RetryCase.of("one failure after the other")
                .policy("retry_on: 'reset,retriable-4xx', num_retries: 5")
                .answers("<close>", "409", "<reset>", "409", "200"));
    }

    private void codes() {
        String codes = "retry_on: retriable-status-codes, retriable_status_codes: [418, 200]";
        add(RetryCase.of("codes: listed").policy(codes).answers("418", "206"));
        add(RetryCase.of("codes: 200 listed").policy(codes).answers("200 a: b", "201"));
        add(RetryCase.of("codes: not listed").policy(codes).answers("503", "200"));
        add(RetryCase.of("codes: reset").policy(codes).answers("<close>", "200"));
        add(RetryCase.of("codes: without the condition")
                .policy("retry_on: 5xx, retriable_status_codes: [418]")
                .answers("418", "200"));
        add(RetryCase.of("codes: none listed").on("retriable-status-codes").answers("503", "200"));
        add(RetryCase.of("codes: 503 of our own")
                .policy("retry_on: retriable-status-codes, retriable_status_codes: [503]")
                .to("refused"));
        add(RetryCase.of("codes: 503 of our own, no endpoint")
                .policy("retry_on: 'retriable-status-codes,5xx', retriable_status_codes: [503]")
                .to("none"));
    }

    private void headers() {
        String header =
                "retry_on: retriable-headers, retriable_headers: [{name: x-again, string_match: {exact: please}}]";
        add(RetryCase.of("headers: there").policy(header).answers("200 x-again: please", "200"));
        add(RetryCase.of("headers: another value").policy(header).answers("200 x-again: no", "200"));
        add(RetryCase.of("headers: absent").policy(header).answers("503", "200"));
        add(RetryCase.of("headers: twice").policy(header).answers("200 x-again: a | x-again: please", "200"));
        add(RetryCase.of("headers: without the condition")
                .policy("retry_on: 5xx, retriable_headers: [{name: x-again}]")
                .answers("200 x-again: please", "200"));
        add(RetryCase.of("headers: any of two")
                .policy(
                        "retry_on: retriable-headers, retriable_headers: [{name: x-a}, {name: x-b, present_match: true}]")
                .answers("200 x-b: 1", "200"));
        add(RetryCase.of("headers: inverted")
                .policy(
                        "retry_on: retriable-headers, retriable_headers: [{name: x-fine, present_match: true, invert_match: true}]")
                .answers("200 a: b", "200 x-fine: 1"));
        add(RetryCase.of("headers: status")
                .policy(
                        "retry_on: retriable-headers, retriable_headers: [{name: ':status', string_match: {prefix: '5'}}]")
                .answers("503", "200"));
        add(RetryCase.of("headers: reset").policy(header).answers("<close>", "200"));
        String asked =
                "retry_on: 5xx, retriable_request_headers: [{name: x-safe, string_match: {exact: 'yes'}}, {name: x-b, present_match: true}]";
        add(RetryCase.of("request headers: there")
                .policy(asked)
                .get("x-safe: yes")
                .answers("503", "200"));
        add(RetryCase.of("request headers: the other")
                .policy(asked)
                .get("x-b: 1")
                .answers("503", "200"));
        add(RetryCase.of("request headers: another value")
                .policy(asked)
                .get("x-safe: no")
                .answers("503", "200"));
        add(RetryCase.of("request headers: absent").policy(asked).answers("<close>", "200"));
        add(RetryCase.of("request headers: absent, and the client wants it")
                .policy(asked)
                .inside("x-envoy-retry-on: 5xx")
                .answers("503", "200"));
        add(RetryCase.of("request headers: method")
                .policy("retry_on: 5xx, retriable_request_headers: [{name: ':method', string_match: {exact: POST}}]")
                .answers("503", "200"));
    }

    private void ratelimited() {
        String limited = "503 x-envoy-ratelimited: true";
        add(RetryCase.of("ratelimited: not retried").on("5xx").answers(limited, "200"));
        add(RetryCase.of("ratelimited: listed code")
                .policy("retry_on: retriable-status-codes, retriable_status_codes: [503]")
                .answers(limited, "200"));
        add(RetryCase.of("ratelimited: retriable header")
                .policy("retry_on: retriable-headers, retriable_headers: [{name: x-envoy-ratelimited}]")
                .answers(limited, "200"));
        add(RetryCase.of("ratelimited: wanted").on("envoy-ratelimited").answers(limited, "200"));
        add(RetryCase.of("ratelimited: wanted, 200")
                .on("envoy-ratelimited")
                .answers("200 x-envoy-ratelimited: false", "200"));
        add(RetryCase.of("ratelimited: grpc")
                .on("unavailable")
                .answers("200 grpc-status: 14 | x-envoy-ratelimited: 1", "200"));
    }

    private void grpc() {
        String[] words = {"cancelled", "deadline-exceeded", "internal", "resource-exhausted", "unavailable"};
        int[] statuses = {1, 4, 13, 8, 14};
        for (int i = 0; i < words.length; i++) {
            add(call("grpc: " + words[i]).on(words[i]).answers("~grpc-" + statuses[i], "~grpc-0"));
            add(call("grpc: not " + words[i]).on(words[i]).answers("~grpc-2", "~grpc-0"));
            add(call("grpc: " + words[i] + " in trailers")
                    .on(words[i])
                    .answers("~grpctrailers-" + statuses[i], "~grpc-0"));
        }
        add(call("grpc: 503").on("unavailable").answers("~status-503", "~grpc-0"));
        add(call("grpc: no number").on("unavailable").answers("~grpc-x", "~grpc-0"));
        add(call("grpc: unknown").on("unavailable").answers("~grpc-99", "~grpc-0"));
        add(call("grpc: limit").on("unavailable").answers("~grpc-14", "~grpc-14", "~grpc-0"));
        add(call("grpc: refused").on("connect-failure").to("refused"));
        add(call("grpc: reset and limit").on("reset").answers("~rst-2"));
        add(call("grpc: 5xx and UNAVAILABLE").on("5xx").answers("~grpc-14", "~grpc-0"));
        add(RetryCase.of("grpc: of HTTP/1.1").on("unavailable").answers("200 grpc-status: 14", "200"));
        add(RetryCase.of("grpc: asked for by what is no call")
                .inside("x-envoy-retry-grpc-on: unavailable")
                .answers("200 grpc-status: 14", "200"));
    }

    private static RetryCase call(String name) {
        return RetryCase.of(name)
                .to("up2")
                .client(stage -> stage.http2(wire -> wire.together(() -> {
                    wire.headers(1, false, stage.fields("POST", "content-type: application/grpc", "te: trailers"));
                    wire.data(1, "\0\0\0\0\0", true);
                })));
    }
}
