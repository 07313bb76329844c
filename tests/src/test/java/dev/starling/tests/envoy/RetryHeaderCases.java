package dev.starling.tests.envoy;

import java.util.ArrayList;
import java.util.List;

/** What clients say of retries in headers, from inside and from outside. */
final class RetryHeaderCases {

    private static final String ON = "x-envoy-retry-on: ";
    private static final String MAX = "x-envoy-max-retries: ";

    private RetryHeaderCases() {}

    static List<RetryCase> all() {
        List<RetryCase> all = new ArrayList<>();
        conditions(all);
        counts(all);
        codesAndNames(all);
        from(all);
        return all;
    }

    private static void conditions(List<RetryCase> all) {
        for (String words : List.of(
                "5xx", "5xx,whenever", " 5xx , reset", "", "5XX", "5xx;reset", "gateway-error", "retriable-4xx")) {
            all.add(plain("asks for '" + words + "'").inside(ON + words).answers("503", "200"));
        }
        all.add(plain("asks twice").inside(ON + "retriable-4xx", ON + "5xx").answers("503", "200"));
        all.add(plain("asks for resets").inside(ON + "reset").answers("<close>", "200"));
        all.add(plain("asks for connect failures").to("refused").inside(ON + "connect-failure"));
        all.add(plain("asks for refused streams")
                .to("up2")
                .inside(ON + "refused-stream")
                .answers("rst-7", "ok"));
        all.add(RetryCase.of("header: adds to the policy")
                .on("retriable-4xx")
                .inside(ON + "reset")
                .answers("409", "<close>", "200"));
        all.add(RetryCase.of("header: adds to the policy, once more")
                .on("retriable-4xx")
                .inside(ON + "reset", MAX + "2")
                .answers("409", "<close>", "200"));
        for (String words : List.of("unavailable", "cancelled,unavailable", "5xx", "")) {
            all.add(plain("asks for gRPC's '" + words + "'")
                    .inside("x-envoy-retry-grpc-on: " + words)
                    .answers("200 grpc-status: 14", "200"));
        }
        all.add(plain("asks for a gRPC status in the other header")
                .inside(ON + "unavailable")
                .answers("200 grpc-status: 14", "200"));
        all.add(RetryCase.of("header: keeps the back-off of the policy")
                .action("retry_policy: {retry_back_off: {base_interval: 0.002s}}")
                .inside(ON + "5xx", MAX + "2")
                .answers("503"));
    }

    private static void counts(List<RetryCase> all) {
        for (String count :
                List.of("0", "1", "2", "3", "4", "-1", "x", "", "2x", "1.5", "99999999999", " 2 ", "0x2", "+2")) {
            all.add(RetryCase.of("header: '" + count + "' retries")
                    .on("5xx")
                    .inside(MAX + count)
                    .answers("503", "503", "503", "200"));
        }
        all.add(plain("retries without a condition").inside(MAX + "3").answers("503", "200"));
        all.add(plain("retries twice").inside(ON + "5xx", MAX + "2", MAX + "3").answers("503"));
        all.add(RetryCase.of("header: fewer than the policy")
                .policy("retry_on: 5xx, num_retries: 3")
                .inside(MAX + "1")
                .answers("503"));
        all.add(RetryCase.of("header: none, where the policy has some")
                .policy("retry_on: 5xx, num_retries: 3")
                .inside(MAX + "0")
                .answers("<close>", "200"));
        all.add(RetryCase.of("header: more, where the policy has none")
                .policy("retry_on: 5xx, num_retries: 0")
                .inside(MAX + "1")
                .answers("503", "200"));
    }

    private static void codesAndNames(List<RetryCase> all) {
        String codes = "x-envoy-retriable-status-codes: ";
        String names = "x-envoy-retriable-header-names: ";
        for (String list :
                List.of("418", "404,418", "404, 418", " 418 ", "x,418", "", "4xx", "418-420", "-418", "404;418")) {
            all.add(plain("codes '" + list + "'")
                    .inside(ON + "retriable-status-codes", codes + list)
                    .answers("418", "200"));
        }
        all.add(plain("codes without the condition")
                .inside(ON + "5xx", codes + "418")
                .answers("418", "200"));
        all.add(plain("codes alone").inside(codes + "418").answers("418", "200"));
        all.add(plain("codes twice")
                .inside(ON + "retriable-status-codes", codes + "404", codes + "418")
                .answers("418", "200"));
        all.add(RetryCase.of("header: codes beside the policy's")
                .policy("retry_on: retriable-status-codes, retriable_status_codes: [404], num_retries: 2")
                .inside(codes + "418")
                .answers("418", "404", "200"));
        for (String list : List.of("x-again", "x-b,x-again", "x-b, x-again", "X-Again", "x-again:please", "")) {
            all.add(plain("names '" + list + "'")
                    .inside(ON + "retriable-headers", names + list)
                    .answers("200 x-again: please", "200"));
        }
        all.add(plain("names without the condition")
                .inside(ON + "5xx", names + "x-again")
                .answers("200 x-again: 1", "200"));
        all.add(RetryCase.of("header: names beside the policy's")
                .policy("retry_on: retriable-headers, retriable_headers: [{name: x-a}], num_retries: 2")
                .inside(names + "x-b")
                .answers("200 x-a: 1", "200 x-b: 1", "200"));
    }

    /** Whose headers count, and that none of them goes further. */
    private static void from(List<RetryCase> all) {
        String[] every = {
            ON + "5xx",
            "x-envoy-retry-grpc-on: unavailable",
            MAX + "2",
            "x-envoy-retriable-status-codes: 418",
            "x-envoy-retriable-header-names: x-again",
            "x-envoy-upstream-rq-per-try-timeout-ms: 5000",
            "x-envoy-hedge-on-per-try-timeout: false"
        };
        all.add(plain("everything, from inside").inside(every).answers("503", "200"));
        all.add(plain("everything, from outside").get(every).answers("503", "200"));
        all.add(plain("everything, from inside, to an edge")
                .listener("edge")
                .get(every)
                .answers("503", "200"));
        all.add(plain("everything, for another, to an edge")
                .listener("edge")
                .client(stage -> stage.http1(stage.inside("GET", every)))
                .answers("503", "200"));
        all.add(plain("everything, suppressed").listener("quiet").inside(every).answers("503", "200"));
        all.add(RetryCase.of("header: from outside, where there is a policy")
                .on("5xx")
                .get(ON + "retriable-4xx", MAX + "3")
                .answers("503"));
        all.add(RetryCase.of("header: nothing to retry").on("5xx").inside(every).answers("200"));
        all.add(plain("its own names, HTTP/2")
                .to("up2")
                .client(stage -> stage.http2(wire ->
                        wire.headers(1, true, stage.fields("GET", "x-forwarded-for: 10.1.2.3", ON + "5xx", MAX + "2"))))
                .answers("status-503", "rst-7", "ok"));
        all.add(plain("two addresses")
                .get("x-forwarded-for: 10.1.2.3, 10.1.2.4", ON + "5xx")
                .answers("503", "200"));
    }

    /** A route without a policy. */
    private static RetryCase plain(String name) {
        return RetryCase.of("header: " + name);
    }
}
