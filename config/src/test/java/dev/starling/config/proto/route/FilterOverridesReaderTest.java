package dev.starling.config.proto.route;

import static org.assertj.core.api.Assertions.assertThat;

import dev.starling.config.discovery.ConfigSource;
import dev.starling.config.discovery.OnDemandClusters;
import dev.starling.config.http.OnDemandConfig;
import dev.starling.config.proto.http.Translated;
import dev.starling.config.route.FilterOverride;
import dev.starling.config.route.RouteAction;
import dev.starling.config.route.RouteAction.Target;
import dev.starling.config.route.RouteConfiguration;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FilterOverridesReaderTest {

    private static final String PER_ROUTE = "'@type': t/envoy.extensions.filters.http.on_demand.v3.PerRouteConfig";
    private static final String WRAPPER = "'@type': t/envoy.config.route.v3.FilterConfig";
    private static final FilterOverride NOT = FilterOverride.of(new OnDemandConfig(Optional.empty()));

    private static Translated<RouteConfiguration> routes(String ofRoute, String ofCluster) throws Exception {
        return Translated.of(
                io.envoyproxy.envoy.config.route.v3.RouteConfiguration.getDefaultInstance(),
                """
                typed_per_filter_config: {of-routes: {%s}}
                virtual_hosts:
                - name: v
                  domains: ["*"]
                  typed_per_filter_config: {of-host: {%s, disabled: true}}
                  routes:
                  - match: {prefix: /}
                    typed_per_filter_config: {a: %s}
                    route: {weighted_clusters: {clusters: [{name: c, weight: 1, typed_per_filter_config: {a: %s}}]}}
                """.formatted(PER_ROUTE, WRAPPER, ofRoute, ofCluster),
                (message, context) -> RouteConfigurationReader.read(message, true, context));
    }

    private static @Nullable FilterOverride ofRoute(String said) throws Exception {
        return routes(said, "{" + PER_ROUTE + "}")
                .get()
                .virtualHosts()
                .getFirst()
                .routes()
                .getFirst()
                .filterOverrides()
                .get("a");
    }

    @Test
    void readsAllLevels() throws Exception {
        var read =
                routes("{" + WRAPPER + ", config: {}}", "{" + PER_ROUTE + "}").get();

        assertThat(read.filterOverrides()).isEqualTo(Map.of("of-routes", NOT));
        var host = read.virtualHosts().getFirst();
        assertThat(host.filterOverrides()).isEqualTo(Map.of("of-host", FilterOverride.DISABLED));
        var route = host.routes().getFirst();
        assertThat(route.filterOverrides()).isEqualTo(Map.of("a", FilterOverride.ENABLED));
        var clusters = (Target.WeightedClusters) ((RouteAction) route.action()).target();
        assertThat(clusters.clusters().getFirst().filterOverrides()).isEqualTo(Map.of("a", NOT));
    }

    @Test
    void readsWhatTheFilterIsConfiguredWithAlsoInTheWrapper() throws Exception {
        String odcds = PER_ROUTE + ", odcds: {source: {ads: {}}, timeout: 2s}";
        var asks = FilterOverride.of(new OnDemandConfig(Optional.of(new OnDemandClusters(
                new ConfigSource.Ads(Duration.ofSeconds(15)), Optional.empty(), Duration.ofSeconds(2)))));

        assertThat(ofRoute("{" + odcds + "}")).isEqualTo(asks);
        assertThat(ofRoute("{" + WRAPPER + ", config: {" + odcds + "}}")).isEqualTo(asks);
    }

    @Test
    void ignoresWhatIsOptionalAndUnknownAndAnythingBesideDisabled() throws Exception {
        String cluster = "config: {'@type': t/envoy.config.cluster.v3.Cluster, name: other}";

        var read = routes("{" + WRAPPER + ", is_optional: true, " + cluster + "}", "{" + PER_ROUTE + "}");

        assertThat(read.get().virtualHosts().getFirst().routes().getFirst().filterOverrides())
                .isEqualTo(Map.of("a", FilterOverride.ENABLED));
        assertThat(read.warnings()).singleElement().satisfies(warning -> {
            assertThat(warning.path()).isEqualTo("virtual_hosts[0].routes[0].typed_per_filter_config[\"a\"].config");
            assertThat(warning.message()).contains("optional configuration of a");
        });
        assertThat(ofRoute("{" + WRAPPER + ", disabled: true, " + cluster + "}"))
                .isEqualTo(FilterOverride.DISABLED);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            {}                                                     |         | Didn't find a registered implementation for 'a' with type URL: ''
            {'@type': t/envoy.config.cluster.v3.Cluster, name: other}  |         | Didn't find a registered implementation for 'a' with type URL: 'envoy.config.cluster.v3.Cluster'
            {'@type': t/envoy.extensions.filters.http.router.v3.Router} |    | The filter a doesn't support virtual host or route specific configurations
            {'@type': t/envoy.extensions.filters.http.on_demand.v3.OnDemand} | | Unable to unpack as envoy.extensions.filters.http.on_demand.v3.PerRouteConfig
            {W, is_optional: true, config: {'@type': t/envoy.extensions.filters.http.on_demand.v3.OnDemand}} | .config | Unable to unpack as envoy.extensions.filters.http.on_demand.v3.PerRouteConfig
            {W}                                                    |         | Empty route/virtual host per filter configuration for a filter
            {W, is_optional: true}                                 |         | Empty route/virtual host per filter configuration for a filter
            {W, config: {W, disabled: true}}                       | .config | Didn't find a registered implementation for 'a' with type URL: 'envoy.config.route.v3.FilterConfig'
            {W, config: {P, odcds: {}}}                            | .config.odcds.source | is required
            {P, odcds: {source: {ads: {}}, resources_locator: x}}  | .odcds.resources_locator | x does not have a xdstp: scheme and an authority
            """)
    void refusesAsEnvoyDoes(String said, @Nullable String field, String problem) throws Exception {
        String config = said.replace("W", WRAPPER).replace("P", PER_ROUTE);

        String inRoute = "virtual_hosts[0].routes[0].typed_per_filter_config[\"a\"]";
        String inCluster =
                "virtual_hosts[0].routes[0].route.weighted_clusters.clusters[0].typed_per_filter_config[\"a\"]";
        String rest = (field == null ? "" : field) + ": " + problem;
        assertThat(routes(config, "{" + PER_ROUTE + "}").complaints()).containsExactly(inRoute + rest);
        assertThat(routes("{" + PER_ROUTE + "}", config).complaints()).containsExactly(inCluster + rest);
    }

    @Test
    void theInnerWordCountsButOneWithoutAConfigurationLeavesThatOfTheOuter() {
        var outer = FilterOverride.of(new OnDemandConfig(Optional.empty()));

        assertThat(FilterOverride.merge(
                        Map.of("a", outer, "b", outer, "c", FilterOverride.DISABLED),
                        Map.of("a", FilterOverride.DISABLED, "c", outer)))
                .isEqualTo(Map.of("a", new FilterOverride(true, outer.config()), "b", outer, "c", outer));
    }
}
