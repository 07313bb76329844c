package dev.starling.runtime.http.filter.router;

import static org.assertj.core.api.Assertions.assertThat;

import dev.starling.config.matcher.HeaderMatcher;
import dev.starling.config.route.RetryOn;
import dev.starling.config.route.RetryPolicy;
import dev.starling.runtime.message.Headers;
import dev.starling.runtime.message.Protocol;
import dev.starling.runtime.message.RequestHead;
import dev.starling.runtime.route.HeaderMatch;
import dev.starling.runtime.route.RetryRules;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RetryRequestTest {

    private static RetryRules rules(List<HeaderMatch> requests, RetryOn... on) {
        RetryPolicy none = RetryPolicy.NONE;
        RetryPolicy policy = new RetryPolicy(
                Set.of(on),
                2,
                Duration.ZERO,
                Duration.ZERO,
                Set.of(418),
                List.of(),
                List.of(),
                none.backoff(),
                Optional.empty(),
                List.of(),
                1);
        return new RetryRules(policy, List.of(), requests, OptionalLong.empty());
    }

    private static RequestHead request(String... namesAndValues) {
        Headers headers = new Headers();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            headers.add(namesAndValues[i], namesAndValues[i + 1]);
        }
        return new RequestHead("GET", "/", "a", "http", Protocol.HTTP_1_1, headers, "", 0, true);
    }

    private static RetryRequest asked(RetryRules rules, String... namesAndValues) {
        return Objects.requireNonNull(RetryRequest.of(rules, request(namesAndValues), true));
    }

    @Test
    void isNobodysWishWithoutPolicyAndHeaders() {
        assertThat(RetryRequest.of(rules(List.of()), request("x-envoy-max-retries", "3"), true))
                .isNull();
    }

    @Test
    void addsTheConditionsOfHeadersToThePolicys() {
        assertThat(asked(
                                rules(List.of(), RetryOn.RESET),
                                "x-envoy-retry-on",
                                "5xx, nonsense,retriable-4xx",
                                "x-envoy-retry-grpc-on",
                                "unavailable")
                        .on())
                .containsExactlyInAnyOrder(
                        RetryOn.RESET, RetryOn.STATUS_5XX, RetryOn.RETRIABLE_4XX, RetryOn.GRPC_UNAVAILABLE);
    }

    @Test
    void readsTheWordsOfGrpcInTheirOwnHeaderOnly() {
        assertThat(asked(rules(List.of()), "x-envoy-retry-on", "unavailable", "x-envoy-retry-grpc-on", "5xx")
                        .on())
                .isEmpty();
    }

    @Test
    void takesTheNumberOfTheHeaderIfItIsOne() {
        RetryRules rules = rules(List.of(), RetryOn.RESET);
        assertThat(asked(rules, "x-envoy-max-retries", "0").retries()).isZero();
        assertThat(asked(rules, "x-envoy-max-retries", "7").retries()).isEqualTo(7);
        assertThat(asked(rules, "x-envoy-max-retries", "many").retries()).isEqualTo(2);
        assertThat(asked(rules, "x-envoy-max-retries", "-1").retries()).isEqualTo(2);
    }

    @Test
    void addsStatusesAndHeaderNames() {
        RetryRequest asked = asked(
                rules(List.of(), RetryOn.RESET),
                "x-envoy-retriable-status-codes",
                "500,x, 429",
                "x-envoy-retriable-header-names",
                "X-One, x-two,");
        assertThat(asked.statuses()).containsExactlyInAnyOrder(418, 500, 429);
        assertThat(asked.headerNames()).containsExactly("x-one", "x-two");
    }

    @Test
    void wantsNoneForARequestThatIsNotOneOfThePolicys() {
        var wanted = new HeaderMatch(new HeaderMatcher("x-safe", new HeaderMatcher.Rule.Present(true), false, false));
        RetryRules rules = rules(List.of(wanted), RetryOn.RESET);
        assertThat(asked(rules, "x-envoy-retry-on", "5xx").on()).isEmpty();
        assertThat(asked(rules, "x-safe", "1").on()).containsExactly(RetryOn.RESET);
        assertThat(asked(rules, "x-other", "1").on()).isEmpty();
    }
}
