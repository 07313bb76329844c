package dev.starling.lb.picker;

import static dev.starling.lb.ExampleEndpoint.endpoint;
import static dev.starling.lb.ExampleEndpoint.group;
import static dev.starling.lb.HealthFlag.FAILED_ACTIVE_HC;
import static dev.starling.lb.HealthFlag.PENDING_ACTIVE_HC;
import static org.assertj.core.api.Assertions.assertThat;

import dev.starling.lb.Endpoint;
import dev.starling.lb.EndpointSet;
import dev.starling.lb.LocalityWeights;
import dev.starling.lb.Seeds;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The known answers are those of Envoy's own tests, and of its documentation where that agrees with its code. */
class PriorityLoadTest {

    private static final int PANIC_BELOW = 50;

    @Test
    void aPriorityKeepsEverythingWhileSeventyTwoPercentOfItIsHealthy() {
        assertThat(healthy(load(140, PANIC_BELOW, group(0, 72, 0, 28), group(1, 5, 0, 0))))
                .containsExactly(100, 0);
        assertThat(healthy(load(140, PANIC_BELOW, group(0, 71, 0, 29), group(1, 5, 0, 0))))
                .containsExactly(99, 1);
    }

    @Test
    void twoHalvesShareByTheOverprovisioningFactor() {
        assertThat(healthy(load(140, PANIC_BELOW, group(0, 2, 0, 2), group(1, 2, 0, 2))))
                .containsExactly(70, 30);
        assertThat(healthy(load(100, PANIC_BELOW, group(0, 2, 0, 2), group(1, 2, 0, 2))))
                .containsExactly(50, 50);
    }

    @Test
    void aLowPriorityTakesWhatAHighOneCannot() {
        PriorityLoad load = load(140, PANIC_BELOW, group(0, 1, 0, 3), group(1, 2, 0, 0));

        assertThat(healthy(load)).containsExactly(35, 65);
        assertThat(panic(load)).containsExactly(false, false);
    }

    @Test
    void loadFollowsTheNumberOfEndpointsWhenEveryPriorityIsInPanic() {
        PriorityLoad two = load(140, PANIC_BELOW, group(0, 1, 0, 3), group(1, 1, 0, 3));
        assertThat(healthy(two)).containsExactly(50, 50);
        assertThat(panic(two)).containsExactly(true, true);

        PriorityLoad three = load(140, PANIC_BELOW, group(0, 1, 0, 4), group(1, 1, 0, 4), group(2, 1, 0, 4));
        assertThat(healthy(three)).containsExactly(34, 33, 33);
        assertThat(panic(three)).containsExactly(true, true, true);
    }

    /** Envoy's documentation says 36/36/28; its code gives the whole remainder to the first. */
    @Test
    void whatRoundingLeavesGoesToTheFirstPriority() {
        PriorityLoad calm = load(140, 0, group(0, 1, 0, 3), group(1, 1, 0, 3), group(2, 1, 0, 4));
        assertThat(healthy(calm)).containsExactly(37, 35, 28);

        PriorityLoad panicking = load(140, PANIC_BELOW, group(0, 1, 0, 3), group(1, 1, 0, 3), group(2, 1, 0, 4));
        assertThat(healthy(panicking)).containsExactly(32, 30, 38);
    }

    @Test
    void degradedEndpointsTakeWhatHealthyOnesCannot() {
        PriorityLoad load = load(100, 0, group(0, 1, 2, 7), group(1, 2, 1, 7), group(2, 1, 0, 9));

        assertThat(healthy(load)).containsExactly(16, 28, 14);
        assertThat(degraded(load)).containsExactly(28, 14, 0);
    }

    @Test
    void theRemainderGoesToDegradedEndpointsWhereNoneAreHealthy() {
        PriorityLoad load = load(100, 0, group(0, 0, 1, 2), group(1, 0, 1, 2), group(2, 0, 0, 1));

        assertThat(healthy(load)).containsExactly(0, 0, 0);
        assertThat(degraded(load)).containsExactly(50, 50, 0);
        assertThat(degraded(load(140, 0, group(0, 0, 1, 8), group(1, 0, 1, 8), group(2, 0, 1, 8))))
                .containsExactly(34, 33, 33);
    }

    @Test
    void aFullPriorityBelowSparesOneAboveItsPanic() {
        PriorityLoad load = load(140, PANIC_BELOW, group(0, 1, 0, 9), group(1, 5, 0, 0));

        assertThat(healthy(load)).containsExactly(14, 86);
        assertThat(panic(load)).containsExactly(false, false);
    }

    @Test
    void onePriorityMayPanicAlone() {
        PriorityLoad load = load(100, PANIC_BELOW, group(0, 1, 0, 9), group(1, 6, 0, 4));

        assertThat(healthy(load)).containsExactly(15, 85);
        assertThat(panic(load)).containsExactly(true, false);
    }

    @Test
    void degradedEndpointsCountAgainstPanic() {
        assertThat(panic(load(100, PANIC_BELOW, group(0, 3, 2, 5)))).containsExactly(false);
        assertThat(panic(load(100, PANIC_BELOW, group(0, 3, 1, 6)))).containsExactly(true);
    }

    @Test
    void withoutPanicAnUnhealthyClusterHasItsLoadOnTheFirstPriority() {
        PriorityLoad load = load(140, 0, group(0, 0, 0, 3), group(1, 0, 0, 3));

        assertThat(healthy(load)).containsExactly(100, 0);
        assertThat(panic(load)).containsExactly(false, false);
    }

    @Test
    void nothingHasItsLoadOnTheFirstPriority() {
        PriorityLoad load = PriorityLoad.of(EndpointSet.EMPTY, PANIC_BELOW);

        assertThat(healthy(load)).containsExactly(100);
        assertThat(load.inPanic(0)).isTrue();
    }

    @Test
    void anEmptyPriorityGetsNothingInTotalPanic() {
        assertThat(healthy(load(140, PANIC_BELOW, group(1, 0, 0, 2), group(2, 0, 0, 1))))
                .containsExactly(0, 67, 33);
    }

    @Test
    void excludedEndpointsDoNotCount() {
        List<Endpoint> endpoints = new ArrayList<>(group(0, 1, 0, 0));
        for (String name : List.of("x", "y", "z")) {
            endpoints.add(
                    endpoint(name).with(FAILED_ACTIVE_HC, PENDING_ACTIVE_HC).build());
        }

        PriorityLoad load = load(140, PANIC_BELOW, endpoints, group(1, 1, 0, 0));

        assertThat(healthy(load)).containsExactly(100, 0);
        assertThat(panic(load)).containsExactly(false, false);
    }

    @Test
    void weightsDecideWhereSoConfigured() {
        List<Endpoint> endpoints = new ArrayList<>();
        endpoints.add(endpoint("a").weight(1).build());
        endpoints.add(endpoint("b").weight(9).with(FAILED_ACTIVE_HC).build());
        endpoints.add(endpoint("c").at(1).build());

        EndpointSet byCount = EndpointSet.of(endpoints, LocalityWeights.NONE, 140, false);
        EndpointSet byWeight = EndpointSet.of(endpoints, LocalityWeights.NONE, 140, true);

        assertThat(healthy(PriorityLoad.of(byCount, PANIC_BELOW))).containsExactly(70, 30);
        assertThat(healthy(PriorityLoad.of(byWeight, PANIC_BELOW))).containsExactly(14, 86);
    }

    @Test
    void eachPriorityMayBeJudgedInItsOwnWay() {
        PriorityLoad.Level level =
                PriorityLoad.levels(EndpointSet.of(group(0, 1, 0, 1))).getFirst();

        assertThat(healthy(PriorityLoad.of(
                        List.of(
                                new PriorityLoad.Level(level.lists(), 100, false),
                                new PriorityLoad.Level(level.lists(), 60, false),
                                level),
                        PANIC_BELOW)))
                .containsExactly(50, 30, 20);
    }

    @Test
    void aTinyOverprovisioningFactorStillLeavesTheLoadSomewhere() {
        PriorityLoad load = load(1, PANIC_BELOW, group(0, 0, 0, 1), group(1, 2, 0, 1));

        assertThat(healthy(load)).containsExactly(0, 100);
    }

    @Test
    void loadsAlwaysAddUpToAHundredAndAreChosenByTheirShare() {
        Seeds.forEach(500, random -> {
            PriorityLoad load = PriorityLoad.of(anySet(random), random.nextInt(101));

            int[] chosen = new int[2 * load.priorities()];
            IntStream.range(0, 100).forEach(percent -> chosen[load.choose(percent)]++);

            assertThat(IntStream.of(healthy(load)).sum()
                            + IntStream.of(degraded(load)).sum())
                    .isEqualTo(100);
            for (int p = 0; p < load.priorities(); p++) {
                assertThat(chosen[p]).isEqualTo(load.healthy(p));
                assertThat(chosen[load.priorities() + p]).isEqualTo(load.degraded(p));
            }
        });
    }

    private static EndpointSet anySet(RandomGenerator random) {
        List<Endpoint> endpoints = new ArrayList<>();
        int priorities = random.nextInt(1, 6);
        for (int p = 0; p < priorities; p++) {
            endpoints.addAll(group(p, random.nextInt(4), random.nextInt(3), random.nextInt(8)));
        }
        return EndpointSet.of(endpoints, LocalityWeights.NONE, random.nextInt(1, 300), random.nextBoolean());
    }

    @SafeVarargs
    private static PriorityLoad load(int overprovisioningFactor, int panicThreshold, List<Endpoint>... groups) {
        List<Endpoint> endpoints = new ArrayList<>();
        for (List<Endpoint> group : groups) {
            endpoints.addAll(group);
        }
        return PriorityLoad.of(
                EndpointSet.of(endpoints, LocalityWeights.NONE, overprovisioningFactor, false), panicThreshold);
    }

    private static int[] healthy(PriorityLoad load) {
        return IntStream.range(0, load.priorities()).map(load::healthy).toArray();
    }

    private static int[] degraded(PriorityLoad load) {
        return IntStream.range(0, load.priorities()).map(load::degraded).toArray();
    }

    private static List<Boolean> panic(PriorityLoad load) {
        return IntStream.range(0, load.priorities()).mapToObj(load::inPanic).toList();
    }
}
