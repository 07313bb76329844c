package dev.starling.lb.picker;

import static dev.starling.lb.ExampleEndpoint.endpoint;
import static dev.starling.lb.picker.Balancers.ROUND_ROBIN;
import static dev.starling.lb.picker.Balancers.localityWeighted;
import static org.assertj.core.api.Assertions.assertThat;

import dev.starling.config.Locality;
import dev.starling.lb.Endpoint;
import dev.starling.lb.EndpointSet;
import dev.starling.lb.HealthFlag;
import dev.starling.lb.LocalityWeights;
import dev.starling.lb.Seeds;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class LocalityWeightedTest {

    private final Endpoint east1 = endpoint("east1").in("east").build();
    private final Endpoint east2 = endpoint("east2").in("east").build();
    private final Endpoint west1 = endpoint("west1").in("west").build();
    private final Endpoint north1 = endpoint("north1").in("north").build();
    private final List<Endpoint> all = List.of(east1, east2, west1, north1);

    @Test
    void localitiesShareByWeightWhateverTheirSize() {
        Seeds.forEach(10, random -> {
            Tally tally = tally(random, Map.of("east", 1, "west", 3, "north", 1), 1_000);

            tally.hasExactShare(west1, 0.6);
            tally.hasExactShare(north1, 0.2);
            tally.hasExactShare(east1, 0.1);
            tally.hasExactShare(east2, 0.1);
        });
    }

    @Test
    void aLocalityWithoutWeightGetsNothing() {
        Tally tally = tally(RandomGenerator.getDefault(), Map.of("east", 1, "west", 1), 100);

        assertThat(tally.times(north1)).isZero();
        assertThat(tally.times(west1)).isEqualTo(50);
    }

    @Test
    void aLocalityLosesWeightBeyondWhatTheOverprovisioningFactorAllows() {
        east1.state().set(HealthFlag.FAILED_OUTLIER_CHECK);
        Seeds.forEach(10, random -> {
            Tally tally = tally(random, Map.of("east", 10, "west", 10, "north", 10), 2_700);

            tally.hasExactShare(east2, 0.7 / 2.7);
            tally.hasExactShare(west1, 1 / 2.7);
        });
    }

    @Test
    void endpointsNotYetCheckedDoNotCountAgainstTheirLocality() {
        east1.state().set(HealthFlag.FAILED_ACTIVE_HC);
        east1.state().set(HealthFlag.PENDING_ACTIVE_HC);

        tally(RandomGenerator.getDefault(), Map.of("east", 1, "west", 1), 100).hasExactShare(east2, 0.5);
    }

    @Test
    void aLocalityOfWhichNothingCountsGetsNothing() {
        west1.state().set(HealthFlag.PENDING_ACTIVE_HC);

        Tally tally = tally(RandomGenerator.getDefault(), Map.of("east", 1, "west", 1), 100);

        assertThat(tally.times(west1)).isZero();
    }

    @Test
    void degradedEndpointsAreSharedByLocalityToo() {
        all.forEach(endpoint -> endpoint.state().set(HealthFlag.DEGRADED_ACTIVE_HC));

        tally(RandomGenerator.getDefault(), Map.of("east", 1, "west", 3), 1_000).hasExactShare(west1, 0.75);
    }

    @Test
    void withoutAnyWeightHealthAloneDecides() {
        Tally tally = tally(RandomGenerator.getDefault(), Map.of(), 400);

        all.forEach(endpoint -> tally.hasExactShare(endpoint, 0.25));
    }

    @Test
    void panicIgnoresLocalities() {
        List.of(east1, east2, north1).forEach(endpoint -> endpoint.state().set(HealthFlag.FAILED_ACTIVE_HC));

        Tally tally = tally(RandomGenerator.getDefault(), Map.of("west", 1), 400);

        all.forEach(endpoint -> tally.hasExactShare(endpoint, 0.25));
    }

    @Test
    void aLocalityGoesOnInItsRoundWhenAnotherChanges() {
        Balancers balancers = new Balancers(ROUND_ROBIN, localityWeighted(), () -> 0L);
        LoadBalancer balancer = balancers.over(set(List.of(east1, east2, west1), Map.of("east", 1)));
        assertThat(balancer.pick()).isEqualTo(east1);

        balancer.update(set(List.of(east1, east2), Map.of("east", 1)));

        assertThat(balancer.pick()).isEqualTo(east2);
    }

    private Tally tally(RandomGenerator random, Map<String, Integer> weights, int picks) {
        return Tally.of(picks, new Balancers(ROUND_ROBIN, localityWeighted(), random).over(set(all, weights))::pick);
    }

    private static EndpointSet set(List<Endpoint> endpoints, Map<String, Integer> weights) {
        Map<LocalityWeights.Key, Integer> byLocality = new HashMap<>();
        weights.forEach(
                (zone, weight) -> byLocality.put(new LocalityWeights.Key(0, new Locality("", zone, "")), weight));
        return EndpointSet.of(endpoints, new LocalityWeights(byLocality), 140, false);
    }
}
