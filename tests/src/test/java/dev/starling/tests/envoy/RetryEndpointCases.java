package dev.starling.tests.envoy;

import java.util.ArrayList;
import java.util.List;

/** Which endpoint gets the next attempt, where that is no matter of chance. */
final class RetryEndpointCases {

    private static final String TYPE = "type.googleapis.com/envoy.extensions.retry.host.";

    private static final String PREVIOUS = "{name: envoy.retry_host_predicates.previous_hosts, typed_config: {'@type': "
            + TYPE + "previous_hosts.v3.PreviousHostsPredicate}}";

    private static final String NO_CANARY =
            "{name: envoy.retry_host_predicates.omit_canary_hosts, typed_config: {'@type': " + TYPE
                    + "omit_canary_hosts.v3.OmitCanaryHostsPredicate}}";

    private static final String THREE = "retry_on: 5xx, num_retries: 3, retry_host_predicate: [%s]";
    private static final String MANY = THREE + ", host_selection_retry_max_attempts: 250";

    private RetryEndpointCases() {}

    private static String without(String metadata) {
        return "{name: envoy.retry_host_predicates.omit_host_metadata, typed_config: {'@type': " + TYPE
                + "omit_host_metadata.v3.OmitHostMetadataConfig, metadata_match: {filter_metadata: {envoy.lb: {"
                + metadata + "}}}}}";
    }

    static List<RetryCase> all() {
        List<RetryCase> all = new ArrayList<>();
        all.add(RetryCase.of("endpoint: in turn")
                .policy("retry_on: 5xx, num_retries: 3")
                .to("pair")
                .fromWhichever()
                .answers("503"));
        all.add(RetryCase.of("endpoint: in turn, resets")
                .policy("retry_on: 5xx, num_retries: 3")
                .to("pair")
                .fromWhichever()
                .answers("<close>"));
        for (String answer : List.of("503", "<close>")) {
            all.add(RetryCase.of("endpoint: not the previous, " + answer)
                    .policy("retry_on: 5xx, " + "retry_host_predicate: [" + PREVIOUS
                            + "], host_selection_retry_max_attempts: 60")
                    .to("drawn")
                    .fromWhichever()
                    .answers(answer, "200"));
            all.add(RetryCase.of("endpoint: not the previous, uneven, " + answer)
                    .policy("retry_on: 5xx, " + "retry_host_predicate: [" + PREVIOUS
                            + "], host_selection_retry_max_attempts: 250")
                    .to("uneven")
                    .answers(answer, "200"));
        }
        all.add(RetryCase.of("endpoint: not the previous, in turn")
                .policy("retry_on: 5xx, retry_host_predicate: [" + PREVIOUS + "]")
                .to("pair")
                .fromWhichever()
                .answers("503", "200"));
        all.add(RetryCase.of("endpoint: not the previous, which is the only one")
                .policy(MANY.formatted(PREVIOUS))
                .answers("503"));
        all.add(RetryCase.of("endpoint: not one that refuses")
                .policy("retry_on: connect-failure, retry_host_predicate: [" + PREVIOUS
                        + "], host_selection_retry_max_attempts: 250")
                .to("halfway"));
        for (String answer : List.of("503", "<close>")) {
            all.add(RetryCase.of("endpoint: has a name, " + answer)
                    .policy("retry_on: 5xx, retry_host_predicate: [" + PREVIOUS
                            + "], host_selection_retry_max_attempts: 250")
                    .action("auto_host_rewrite: true, append_x_forwarded_host: true")
                    .to("named")
                    .answers(answer, "200"));
        }
        all.add(RetryCase.of("endpoint: has a name, after one that refuses")
                .policy("retry_on: connect-failure, retry_host_predicate: [" + PREVIOUS
                        + "], host_selection_retry_max_attempts: 250")
                .action("auto_host_rewrite: true, append_x_forwarded_host: true")
                .to("halfnamed"));
        all.add(RetryCase.of("endpoint: canary")
                .policy("retry_on: 5xx, num_retries: 3")
                .to("canary")
                .answers("503"));
        all.add(RetryCase.of("endpoint: no canary")
                .policy(MANY.formatted(NO_CANARY))
                .to("canary")
                .answers("503"));
        all.add(RetryCase.of("endpoint: no canary, and no other choice")
                .policy(THREE.formatted(NO_CANARY))
                .to("canary")
                .answers("503"));
        all.add(RetryCase.of("endpoint: without metadata")
                .policy(MANY.formatted(without("stage: old")))
                .to("canary")
                .answers("503"));
        all.add(RetryCase.of("endpoint: without other metadata")
                .policy(MANY.formatted(without("stage: older")))
                .to("canary")
                .answers("503"));
        all.add(RetryCase.of("endpoint: without metadata of both")
                .policy(MANY.formatted(without("stage: old, canary: true")))
                .to("canary")
                .answers("503"));
        all.add(RetryCase.of("endpoint: without metadata that is not there")
                .policy(MANY.formatted(without("stage: old, other: x")))
                .to("canary")
                .answers("503"));
        all.add(RetryCase.of("endpoint: without any metadata")
                .policy(MANY.formatted(without("")))
                .to("canary")
                .answers("503"));
        all.add(RetryCase.of("endpoint: two predicates")
                .policy("retry_on: 5xx, retry_host_predicate: [" + NO_CANARY + ", " + PREVIOUS
                        + "], host_selection_retry_max_attempts: 250")
                .to("canary")
                .answers("503", "200"));
        all.add(RetryCase.of("endpoint: two predicates, between which nothing is left")
                .policy("retry_on: 5xx, retry_host_predicate: [" + NO_CANARY + ", " + without("stage: new")
                        + "], host_selection_retry_max_attempts: 3")
                .to("canary")
                .answers("503", "200"));
        for (String answer : List.of("503", "500", "<close>", "")) {
            all.add(RetryCase.of("endpoint: each attempt is judged, '" + answer + "'")
                    .policy("retry_on: 5xx, num_retries: 3, per_try_timeout: 0.1s")
                    .to("judged")
                    .answers(answer));
        }
        all.add(RetryCase.of("endpoint: refused, then reset before the end")
                .policy("retry_on: reset-before-request, num_retries: 3, retry_host_predicate: [" + PREVIOUS
                        + "], host_selection_retry_max_attempts: 250")
                .to("halfway")
                .answers("<close>", "200"));
        all.add(RetryCase.of("endpoint: refused, then a status, then refused")
                .policy("retry_on: 'connect-failure,retriable-4xx', num_retries: 2, retry_host_predicate: [" + PREVIOUS
                        + "], host_selection_retry_max_attempts: 250")
                .to("halfway")
                .answers("409", "200"));
        all.add(RetryCase.of("endpoint: refused by all")
                .policy("retry_on: connect-failure, num_retries: 2")
                .to("refused"));
        return all;
    }
}
