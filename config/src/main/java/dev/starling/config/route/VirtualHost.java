package dev.starling.config.route;

import dev.starling.config.HeaderMutations;
import java.util.List;

/**
 * {@code envoy.config.route.v3.VirtualHost}.
 *
 * @param domains lower case: exact, {@code *suffix}, {@code prefix*} or {@code *}
 */
public record VirtualHost(
        String name,
        List<String> domains,
        List<Route> routes,
        TlsRequirement requireTls,
        HeaderMutations headers,
        boolean includeRequestAttemptCount,
        boolean includeAttemptCountInResponse) {

    public VirtualHost {
        domains = List.copyOf(domains);
        routes = List.copyOf(routes);
    }

    /** Which requests are redirected to HTTPS. */
    public enum TlsRequirement {
        NONE,
        EXTERNAL_ONLY,
        ALL
    }
}
