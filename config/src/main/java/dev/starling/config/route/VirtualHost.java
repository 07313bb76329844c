package dev.starling.config.route;

import dev.starling.config.HeaderMutations;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * {@code envoy.config.route.v3.VirtualHost}.
 *
 * @param domains lower case: exact, {@code *suffix}, {@code prefix*} or {@code *}
 * @param filterOverrides by the name of the filter
 */
public record VirtualHost(
        String name,
        List<String> domains,
        List<Route> routes,
        TlsRequirement requireTls,
        HeaderMutations headers,
        boolean includeRequestAttemptCount,
        boolean includeAttemptCountInResponse,
        Map<String, FilterOverride> filterOverrides,
        Retries retries) {

    public VirtualHost {
        domains = List.copyOf(domains);
        routes = List.copyOf(routes);
        filterOverrides = Map.copyOf(filterOverrides);
    }

    /**
     * About requests that are sent again.
     *
     * @param policy of routes that have none
     * @param includeIsTimeoutHeader whether another attempt carries {@code x-envoy-is-timeout-retry}
     * @param requestBufferLimit {@code per_request_buffer_limit_bytes} of routes that have none: how much of a request's body is
     *     kept for another attempt; absent: as much as filters may hold
     */
    public record Retries(
            Optional<RetryPolicy> policy, boolean includeIsTimeoutHeader, OptionalLong requestBufferLimit) {
        public static final Retries NONE = new Retries(Optional.empty(), false, OptionalLong.empty());
    }

    /** Which requests are redirected to HTTPS. */
    public enum TlsRequirement {
        NONE,
        EXTERNAL_ONLY,
        ALL
    }
}
