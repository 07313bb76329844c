package dev.starling.runtime.route;

import static dev.starling.runtime.route.ExampleRoute.named;
import static dev.starling.runtime.route.Examples.compile;
import static dev.starling.runtime.route.Examples.get;
import static org.assertj.core.api.Assertions.assertThat;

import dev.starling.config.HeaderMutations;
import dev.starling.config.RuntimeUint32;
import dev.starling.config.route.FilterOverride;
import dev.starling.config.route.Route;
import dev.starling.config.route.RouteAction.Target;
import dev.starling.config.route.RouteAction.WeightedCluster;
import dev.starling.config.route.RouteConfiguration;
import dev.starling.config.route.VirtualHost;
import dev.starling.config.route.VirtualHost.TlsRequirement;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class FilterOverridesTest {

    private record Said(String level) {}

    private record Other() {}

    private static Map<String, FilterOverride> by(String level, String... filters) {
        Map<String, FilterOverride> said = new HashMap<>();
        for (String filter : filters) {
            said.put(filter, FilterOverride.of(new Said(level)));
        }
        return said;
    }

    private static RouteTable table(TlsRequirement tls) {
        Route plain = named("r")
                .forward(new Target.WeightedClusters(
                        List.of(new WeightedCluster(
                                "c", RuntimeUint32.of(1), HeaderMutations.NONE, "", by("cluster", "a"))),
                        1,
                        ""));
        Route route = new Route(
                plain.name(),
                plain.match(),
                plain.action(),
                plain.headers(),
                plain.metadata(),
                plain.statPrefix(),
                by("route", "a", "b"),
                OptionalLong.empty());
        var host = new VirtualHost(
                "v",
                List.of("*"),
                List.of(route),
                tls,
                HeaderMutations.NONE,
                false,
                false,
                by("host", "a", "b", "c"),
                VirtualHost.Retries.NONE);
        return compile(new RouteConfiguration(
                "r",
                List.of(host),
                HeaderMutations.NONE,
                List.of(),
                false,
                false,
                Optional.empty(),
                by("routes", "a", "b", "c", "d"),
                1));
    }

    @Test
    void theMostSpecificLevelCounts() {
        var overrides = Objects.requireNonNull(table(TlsRequirement.NONE).route(get("h", "/"), 0))
                .filterOverrides();

        assertThat(overrides.config("a", Said.class)).isEqualTo(new Said("cluster"));
        assertThat(overrides.config("b", Said.class)).isEqualTo(new Said("route"));
        assertThat(overrides.config("c", Said.class)).isEqualTo(new Said("host"));
        assertThat(overrides.config("d", Said.class)).isEqualTo(new Said("routes"));
        assertThat(overrides.config("e", Said.class)).isNull();
        assertThat(overrides.config("a", Other.class)).isNull();
    }

    @Test
    void aRedirectToTlsSaysNothing() {
        var redirect = Objects.requireNonNull(table(TlsRequirement.ALL).route(get("h", "/"), 0));

        assertThat(redirect).isInstanceOf(Redirect.class);
        assertThat(redirect.filterOverrides().isEmpty()).isTrue();
    }

    @Test
    void whatAnInnerLevelDoesNotDisableIsEnabled() {
        var overrides = FilterOverrides.of(Map.of("a", FilterOverride.DISABLED, "b", FilterOverride.DISABLED))
                .with(Map.of("a", FilterOverride.ENABLED, "c", FilterOverride.DISABLED));

        assertThat(overrides.disabled("a", true)).isFalse();
        assertThat(overrides.disabled("b", false)).isTrue();
        assertThat(overrides.disabled("c", false)).isTrue();
        assertThat(overrides.disabled("d", false)).isFalse();
        assertThat(overrides.disabled("d", true)).isTrue();
        assertThat(overrides.disabling()).isTrue();
        assertThat(FilterOverrides.of(by("route", "a")).disabling()).isFalse();
    }
}
