package dev.starling.config.route;

import dev.starling.config.HeaderMutations;
import java.util.List;
import java.util.Map;

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
        Map<String, FilterOverride> filterOverrides) {

    public VirtualHost {
        domains = List.copyOf(domains);
        routes = List.copyOf(routes);
        filterOverrides = Map.copyOf(filterOverrides);
    }

    /** Which requests are redirected to HTTPS. */
    public enum TlsRequirement {
        NONE,
        EXTERNAL_ONLY,
        ALL
    }
}
