package dev.starling.lb.picker;

import static dev.starling.lb.ExampleEndpoint.endpoint;
import static dev.starling.lb.ExampleEndpoint.group;
import static dev.starling.lb.picker.Balancers.ROUND_ROBIN;
import static org.assertj.core.api.Assertions.assertThat;

import dev.starling.lb.Endpoint;
import dev.starling.lb.HealthFlag;
import dev.starling.lb.Pick;
import dev.starling.lb.Seeds;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class RoundRobinTest {

    private final Endpoint a = endpoint("a").build();
    private final Endpoint b = endpoint("b").build();
    private final Endpoint c = endpoint("c").build();

    @Test
    void endpointsTakeTurnsFromTheSeedOn() {
        RandomGenerator four = () -> 4;

        LoadBalancer balancer = new Balancers(ROUND_ROBIN, four).over(a, b, c);

        assertThat(picks(balancer, 5)).containsExactly(b, c, a, b, c);
    }

    @Test
    void aNegativeSeedIsReadWithoutItsSign() {
        RandomGenerator last = () -> -1;

        LoadBalancer balancer = new Balancers(ROUND_ROBIN, last).over(a, b, c);

        // 2^64 - 1 is a multiple of three, and the counter then wraps to 0
        assertThat(picks(balancer, 4)).containsExactly(a, a, b, c);
    }

    @Test
    void itsTurnSurvivesAChangeOfEndpoints() {
        RandomGenerator zero = () -> 0;
        Balancers balancers = new Balancers(ROUND_ROBIN, zero);
        assertThat(picks(balancers.over(a, b, c), 4)).containsExactly(a, b, c, a);

        assertThat(picks(balancers.over(a, b), 3)).containsExactly(a, b, a);
    }

    @Test
    void theHealthyAndTheDegradedHaveTurnsOfTheirOwn() {
        RandomGenerator zero = () -> 0;
        Balancers balancers = new Balancers(ROUND_ROBIN, zero);
        Endpoint d = endpoint("d").with(HealthFlag.DEGRADED_EDS_HEALTH).build();
        picks(balancers.over(a, b, c, d), 1);
        List.of(a, b, c).forEach(endpoint -> endpoint.state().set(HealthFlag.FAILED_OUTLIER_CHECK));
        picks(balancers.over(a, b, c, d), 1);
        List.of(a, b, c).forEach(endpoint -> endpoint.state().clear(HealthFlag.FAILED_OUTLIER_CHECK));

        assertThat(picks(balancers.over(a, b, c, d), 2)).containsExactly(b, c);
    }

    @Test
    void everyRoundIsExactlyFair() {
        Seeds.forEach(50, random -> {
            List<Endpoint> endpoints = group(0, random.nextInt(1, 40), 0, 0);

            Tally tally = Tally.of(7 * endpoints.size(), new Balancers(ROUND_ROBIN, random).over(endpoints)::pick);

            assertThat(endpoints)
                    .allSatisfy(endpoint -> assertThat(tally.times(endpoint)).isEqualTo(7));
        });
    }

    @Test
    void weightsAreExactShares() {
        Seeds.forEach(50, random -> {
            List<Endpoint> endpoints = new ArrayList<>();
            int size = random.nextInt(2, 30);
            for (int i = 0; i < size; i++) {
                endpoints.add(endpoint("e" + i).weight(random.nextInt(1, 100)).build());
            }
            int sum = endpoints.stream().mapToInt(Endpoint::weight).sum();

            Tally tally = Tally.of(3 * sum, new Balancers(ROUND_ROBIN, random).over(endpoints)::pick);

            endpoints.forEach(endpoint -> tally.hasExactShare(endpoint, 1.0 * endpoint.weight() / sum));
        });
    }

    @Test
    void heavyEndpointsAreNotPickedInBursts() {
        RandomGenerator zero = () -> 0;
        Endpoint heavy = endpoint("heavy").weight(3).build();

        LoadBalancer balancer = new Balancers(ROUND_ROBIN, zero).over(a, heavy, b);

        assertThat(picks(balancer, 10)).containsExactly(heavy, heavy, a, b, heavy, heavy, heavy, a, b, heavy);
    }

    @Test
    void anEndpointAloneNeedsNoSchedule() {
        Endpoint heavy = endpoint("heavy").weight(7).build();

        assertThat(picks(new Balancers(ROUND_ROBIN, RandomGenerator.getDefault()).over(heavy), 3))
                .containsOnly(heavy);
    }

    private static List<Pick> picks(LoadBalancer balancer, int times) {
        return Stream.generate(balancer::pick).limit(times).toList();
    }
}
