package dev.starling.runtime.http.filter.router;

import dev.starling.config.route.RetryOn;
import dev.starling.config.route.RetryPolicy;
import dev.starling.runtime.message.HeaderName;
import dev.starling.runtime.message.RequestHead;
import dev.starling.runtime.route.HeaderLines;
import dev.starling.runtime.route.HeaderMatch;
import dev.starling.runtime.route.RetryRules;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a route's policy and the headers of a trusted client together ask for.
 *
 * @param retries at most
 * @param headerNames of a response, lower case: one of them is enough
 */
record RetryRequest(Set<RetryOn> on, long retries, Set<Integer> statuses, List<String> headerNames) {

    /**
     * Null if neither asks for any.
     *
     * @param envoyHeaders whether there are headers whose names begin with {@code x-envoy-}
     */
    static @Nullable RetryRequest of(RetryRules rules, RequestHead request, boolean envoyHeaders) {
        RetryPolicy policy = rules.policy();
        if (!envoyHeaders) {
            Set<RetryOn> on = matches(rules, request) ? policy.on() : Set.of();
            return new RetryRequest(on, policy.retries(), policy.retriableStatuses(), List.of());
        }
        String retryOn = HeaderLines.join(request.headers(), HeaderName.X_ENVOY_RETRY_ON);
        String retryGrpcOn = HeaderLines.join(request.headers(), HeaderName.X_ENVOY_RETRY_GRPC_ON);
        if (policy.on().isEmpty() && retryOn == null && retryGrpcOn == null) {
            return null;
        }
        Set<RetryOn> on = EnumSet.noneOf(RetryOn.class);
        if (matches(rules, request)) {
            on.addAll(policy.on());
            on.addAll(known(retryOn, false));
            on.addAll(known(retryGrpcOn, true));
        }
        return new RetryRequest(
                on,
                on.isEmpty()
                        ? 0
                        : retries(
                                HeaderLines.join(request.headers(), HeaderName.X_ENVOY_MAX_RETRIES), policy.retries()),
                statuses(
                        HeaderLines.join(request.headers(), HeaderName.X_ENVOY_RETRIABLE_STATUS_CODES),
                        policy.retriableStatuses()),
                words(HeaderLines.join(request.headers(), HeaderName.X_ENVOY_RETRIABLE_HEADER_NAMES)));
    }

    private static boolean matches(RetryRules rules, RequestHead request) {
        List<HeaderMatch> wanted = rules.retriableRequests();
        return wanted.isEmpty() || wanted.stream().anyMatch(header -> header.matches(request));
    }

    /** Each header has its own words. */
    private static Set<RetryOn> known(@Nullable String list, boolean grpc) {
        Set<RetryOn> found = list == null ? EnumSet.noneOf(RetryOn.class) : RetryOn.parse(list);
        found.removeIf(condition -> grpc != (condition.grpcStatus() != RetryOn.NO_GRPC_STATUS));
        return found;
    }

    private static long retries(@Nullable String text, long otherwise) {
        long number = text == null ? -1 : number(text);
        return number < 0 ? otherwise : number;
    }

    private static Set<Integer> statuses(@Nullable String list, Set<Integer> configured) {
        if (list == null) {
            return configured;
        }
        Set<Integer> all = new HashSet<>(configured);
        for (String word : words(list)) {
            long number = number(word);
            if (number >= 0 && number <= Integer.MAX_VALUE) {
                all.add((int) number);
            }
        }
        return all;
    }

    /** -1 if it is none, or more than anybody counts to. */
    private static long number(String text) {
        try {
            return Long.parseUnsignedLong(text.strip());
        } catch (NumberFormatException notANumber) {
            return -1;
        }
    }

    private static List<String> words(@Nullable String list) {
        List<String> words = new ArrayList<>();
        if (list != null) {
            for (String word : list.split(",", -1)) {
                String stripped = word.strip().toLowerCase(Locale.ROOT);
                if (!stripped.isEmpty()) {
                    words.add(stripped);
                }
            }
        }
        return words;
    }
}
