package dev.starling.lb.picker;

import static dev.starling.lb.ExampleEndpoint.endpoint;
import static org.assertj.core.api.Assertions.assertThat;

import dev.starling.config.RuntimeDouble;
import dev.starling.config.cluster.LbPolicy;
import dev.starling.config.cluster.LbPolicy.SlowStart;
import dev.starling.lb.Endpoint;
import dev.starling.lb.EndpointSet;
import dev.starling.lb.HealthFlag;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class SlowStartTest {

    private static final Duration WINDOW = Duration.ofSeconds(60);

    private final Endpoint old = endpoint("old").build();
    private final Endpoint fresh = endpoint("fresh").build();

    @Test
    void aNewEndpointBeginsWithTheSmallestShareAndGrowsToItsWhole() {
        Balancers balancers = warm(new SlowStart(WINDOW, RuntimeDouble.of(1), 10));
        LoadBalancer balancer = balancers.over(old, fresh);
        Tally.of(1_100, balancer::pick).hasExactShare(fresh, 0.1 / 1.1);

        balancers.pass(Duration.ofSeconds(30));
        Tally.of(20, balancers.over(old, fresh)::pick);
        Tally.of(1_500, balancer::pick).hasExactShare(fresh, 0.5 / 1.5);

        balancers.pass(Duration.ofSeconds(30));
        Tally.of(1_000, balancers.over(old, fresh)::pick).hasExactShare(fresh, 0.5);
    }

    /** The schedule asks for the weight whenever it picks, so the share grows without any update. */
    @Test
    void aShareGrowsWhileNothingElseHappens() {
        Balancers balancers = warm(new SlowStart(WINDOW, RuntimeDouble.of(1), 10));
        LoadBalancer balancer = balancers.over(old, fresh);
        Tally.of(100, balancer::pick);

        balancers.pass(Duration.ofSeconds(60));
        Tally.of(20, balancer::pick);

        Tally.of(1_000, balancer::pick).hasExactShare(fresh, 0.5);
    }

    @Test
    void aggressionBendsTheRamp() {
        Balancers balancers = warm(new SlowStart(WINDOW, RuntimeDouble.of(2), 10));
        balancers.over(old, fresh);
        balancers.pass(Duration.ofSeconds(15));

        Tally tally = Tally.of(1_500, balancers.over(old, fresh)::pick);

        tally.hasExactShare(fresh, 0.5 / 1.5);
    }

    @Test
    void theFirstMillisecondCountsAsWhole() {
        Balancers balancers = warm(new SlowStart(Duration.ofMillis(4), RuntimeDouble.of(1), 0));

        Tally.of(1_250, balancers.over(old, fresh)::pick).hasExactShare(fresh, 0.2);
    }

    @Test
    void theRuntimeMayHaveAnotherAggression() {
        Balancers balancers = warm(new SlowStart(Duration.ofMillis(4), new RuntimeDouble(1, "aggression"), 0));
        balancers.runtime.put("aggression", 2.0);

        Tally.of(1_500, balancers.over(old, fresh)::pick).hasExactShare(fresh, 1 / 3.0);
    }

    @Test
    void leastRequestWarmsUpToo() {
        Balancers balancers = warm(new LbPolicy.LeastRequest(
                2, RuntimeDouble.of(1), false, Optional.of(new SlowStart(WINDOW, RuntimeDouble.of(1), 25))));

        Tally.of(1_000, balancers.over(old, fresh)::pick).hasExactShare(fresh, 0.2);
    }

    @Test
    void anEndpointThatRecoveredBeginsAgain() {
        Balancers balancers = warm(new SlowStart(WINDOW, RuntimeDouble.of(1), 10));
        balancers.over(old, fresh);
        balancers.pass(WINDOW.multipliedBy(2));
        fresh.state().set(HealthFlag.FAILED_ACTIVE_HC);
        balancers.over(old, fresh);
        fresh.state().clear(HealthFlag.FAILED_ACTIVE_HC);

        Tally.of(1_100, balancers.over(old, fresh)::pick).hasExactShare(fresh, 0.1 / 1.1);
    }

    @Test
    void anEndpointThatWasOnlyEjectedDoesNotBeginAgain() {
        Balancers balancers = warm(new SlowStart(WINDOW, RuntimeDouble.of(1), 10));
        balancers.over(old, fresh);
        balancers.pass(WINDOW.multipliedBy(2));
        fresh.state().set(HealthFlag.FAILED_OUTLIER_CHECK);
        balancers.over(old, fresh);
        fresh.state().clear(HealthFlag.FAILED_OUTLIER_CHECK);

        Tally.of(1_000, balancers.over(old, fresh)::pick).hasExactShare(fresh, 0.5);
    }

    @Test
    void theClockOfAnUnhealthyEndpointHasNotBegun() {
        Balancers balancers = warm(new SlowStart(WINDOW, RuntimeDouble.of(1), 10));
        EndpointSet published = EndpointSet.of(List.of(old, fresh));
        fresh.state().set(HealthFlag.FAILED_EDS_HEALTH);

        balancers.over(published);
        balancers.over(published.withHealthRefreshed());

        assertThat(fresh.state().slowStartBeganNanos()).isEqualTo(Long.MIN_VALUE);
    }

    @Test
    void aDegradedEndpointHasItsWholeWeight() {
        Balancers balancers = warm(new SlowStart(WINDOW, RuntimeDouble.of(1), 10));
        balancers.over(old, fresh);
        Endpoint other = endpoint("other").weight(2).build();
        List.of(old, fresh, other).forEach(endpoint -> endpoint.state().set(HealthFlag.DEGRADED_ACTIVE_HC));

        Tally.of(1_000, balancers.over(old, fresh, other)::pick).hasExactShare(fresh, 0.25);
    }

    private Balancers warm(SlowStart slowStart) {
        return warm(new LbPolicy.RoundRobin(Optional.of(slowStart)));
    }

    /** A balancer that has known the old endpoint for long. */
    private Balancers warm(LbPolicy policy) {
        Balancers balancers = new Balancers(policy, RandomGenerator.getDefault());
        balancers.over(old);
        balancers.pass(WINDOW.multipliedBy(2));
        return balancers;
    }
}
