package dev.starling.config.route;

import dev.starling.config.HeaderMutations;
import java.util.List;

/**
 * {@code envoy.config.route.v3.RouteConfiguration}, validated.
 *
 * @param mostSpecificHeaderMutationsWins otherwise the outer level is applied last and so wins
 */
public record RouteConfiguration(
        String name,
        List<VirtualHost> virtualHosts,
        HeaderMutations headers,
        List<String> internalOnlyHeaders,
        boolean mostSpecificHeaderMutationsWins,
        boolean ignorePortInHostMatching,
        long contentHash)
        implements RouteSource {

    public RouteConfiguration {
        virtualHosts = List.copyOf(virtualHosts);
        internalOnlyHeaders = List.copyOf(internalOnlyHeaders);
    }
}
