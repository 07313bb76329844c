package dev.starling.runtime.route;

import static dev.starling.runtime.route.ExampleRoute.named;
import static dev.starling.runtime.route.Examples.get;
import static dev.starling.runtime.route.Examples.routes;
import static org.assertj.core.api.Assertions.assertThat;

import dev.starling.config.HeaderMutations;
import dev.starling.config.RuntimeUint32;
import dev.starling.config.route.RouteAction.Target;
import dev.starling.config.route.RouteAction.WeightedCluster;
import dev.starling.runtime.cluster.ClusterTable;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The expectations were read off Envoy 1.40.0. */
class ClusterChoiceTest {

    private final ClusterTable clusters = new ClusterTable();

    private RouteTable weighted(String header, int... weights) {
        List<WeightedCluster> choices = IntStream.range(0, weights.length)
                .mapToObj(i ->
                        new WeightedCluster("c" + i, RuntimeUint32.of(weights[i]), HeaderMutations.NONE, "", Map.of()))
                .toList();
        long total = Arrays.stream(weights).sum();
        return Examples.compile(
                routes(named("w").forward(new Target.WeightedClusters(choices, total, header))), clusters);
    }

    private static Forward forward(RouteTable table, long random, String... headers) {
        return (Forward) Objects.requireNonNull(table.route(get("h", "/", headers), random));
    }

    @Test
    void drawsClustersByTheirShareOfTheInterval() {
        RouteTable table = weighted("", 30, 0, 70);

        assertThat(forward(table, 0).clusterName()).isEqualTo("c0");
        assertThat(forward(table, 29).clusterName()).isEqualTo("c0");
        assertThat(forward(table, 30).clusterName()).isEqualTo("c2");
        assertThat(forward(table, 99).clusterName()).isEqualTo("c2");
        assertThat(forward(table, 100).clusterName()).isEqualTo("c0");
        assertThat(forward(table, Long.MAX_VALUE).clusterName()).isEqualTo("c0"); // 2^63 - 1 is 7 modulo 100
    }

    @Test
    void givesTheSameAnswerObjectForTheSameCluster() {
        RouteTable table = weighted("", 1, 1);

        assertThat(forward(table, 0)).isSameAs(forward(table, 2)).isNotSameAs(forward(table, 1));
        assertThat(forward(table, 1).cluster()).isSameAs(clusters.find("c1"));
    }

    @ParameterizedTest
    @CsvSource({"0, c0", "29, c0", "30, c1", "99, c1", "100, c0", "130, c1", "+5, c0", "18446744073709551615, c0"})
    void drawsByTheNumberInTheHeader(String value, String expected) {
        RouteTable table = weighted("x-rand", 30, 70);

        assertThat(forward(table, 0, "x-rand: " + value).clusterName()).isEqualTo(expected);
        assertThat(forward(table, 31, "x-rand: " + value).clusterName()).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"18446744073709551616", "-1", "x", "0x10", "1.5", ""})
    void drawsByChanceWhereTheHeaderHasNoNumber(String value) {
        RouteTable table = weighted("x-rand", 30, 70);

        assertThat(forward(table, 0, "x-rand: " + value).clusterName()).isEqualTo("c0");
        assertThat(forward(table, 31, "x-rand: " + value).clusterName()).isEqualTo("c1");
    }

    @Test
    void drawsByChanceWhereTheHeaderIsMissingOrThereTwice() {
        RouteTable table = weighted("x-rand", 30, 70);

        assertThat(forward(table, 31).clusterName()).isEqualTo("c1");
        assertThat(forward(table, 31, "x-rand: 0", "x-rand: 0").clusterName()).isEqualTo("c1");
    }

    @Test
    void findsTheClusterThatTheFirstHeaderNames() {
        clusters.slot("known");
        RouteTable table =
                Examples.compile(routes(named("h").forward(new Target.ClusterHeader("x-cluster"))), clusters);

        Forward known = forward(table, 0, "x-cluster: known", "x-cluster: nope");
        Forward unknown = forward(table, 0, "x-cluster: nope");
        Forward missing = forward(table, 0);

        assertThat(known.cluster()).isSameAs(clusters.find("known"));
        assertThat(unknown.clusterName()).isEqualTo("nope");
        assertThat(unknown.cluster()).isNull();
        assertThat(missing.clusterName()).isEmpty();
        assertThat(missing.cluster()).isNull();
    }

    @Test
    void makesNoSlotForANameFromTraffic() {
        RouteTable table =
                Examples.compile(routes(named("h").forward(new Target.ClusterHeader("x-cluster"))), clusters);

        forward(table, 0, "x-cluster: nope");

        assertThat(clusters.find("nope")).isNull();
    }
}
