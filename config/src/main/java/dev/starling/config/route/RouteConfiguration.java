package dev.starling.config.route;

import dev.starling.config.HeaderMutations;
import dev.starling.config.discovery.ConfigSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * {@code envoy.config.route.v3.RouteConfiguration}, validated.
 *
 * @param virtualHostSource where more virtual hosts come from, whose names begin with this one's and a slash
 * @param mostSpecificHeaderMutationsWins otherwise the outer level is applied last and so wins
 * @param filterOverrides by the name of the filter
 */
public record RouteConfiguration(
        String name,
        List<VirtualHost> virtualHosts,
        HeaderMutations headers,
        List<String> internalOnlyHeaders,
        boolean mostSpecificHeaderMutationsWins,
        boolean ignorePortInHostMatching,
        Optional<ConfigSource> virtualHostSource,
        Map<String, FilterOverride> filterOverrides,
        long contentHash)
        implements RouteSource {

    public RouteConfiguration {
        virtualHosts = List.copyOf(virtualHosts);
        internalOnlyHeaders = List.copyOf(internalOnlyHeaders);
        filterOverrides = Map.copyOf(filterOverrides);
    }

    /** All of its virtual hosts are inside, and it says nothing of filters. */
    public RouteConfiguration(
            String name,
            List<VirtualHost> virtualHosts,
            HeaderMutations headers,
            List<String> internalOnlyHeaders,
            boolean mostSpecificHeaderMutationsWins,
            boolean ignorePortInHostMatching,
            long contentHash) {
        this(
                name,
                virtualHosts,
                headers,
                internalOnlyHeaders,
                mostSpecificHeaderMutationsWins,
                ignorePortInHostMatching,
                Optional.empty(),
                Map.of(),
                contentHash);
    }

    /** The same with these virtual hosts. */
    public RouteConfiguration with(List<VirtualHost> otherVirtualHosts, long otherContentHash) {
        return new RouteConfiguration(
                name,
                otherVirtualHosts,
                headers,
                internalOnlyHeaders,
                mostSpecificHeaderMutationsWins,
                ignorePortInHostMatching,
                virtualHostSource,
                filterOverrides,
                otherContentHash);
    }
}
