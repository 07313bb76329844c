package dev.starling.lb.picker;

import static dev.starling.lb.ExampleEndpoint.endpoint;
import static dev.starling.lb.ExampleEndpoint.group;
import static dev.starling.lb.picker.Balancers.FULL_SCAN;
import static dev.starling.lb.picker.Balancers.LEAST_REQUEST;
import static dev.starling.lb.picker.Balancers.RANDOM;
import static dev.starling.lb.picker.Balancers.ROUND_ROBIN;
import static dev.starling.lb.picker.Balancers.panicBelow;
import static org.assertj.core.api.Assertions.assertThat;

import dev.starling.config.cluster.LbPolicy;
import dev.starling.lb.Endpoint;
import dev.starling.lb.EndpointSet;
import dev.starling.lb.HealthFlag;
import dev.starling.lb.Pick;
import dev.starling.lb.Seeds;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class LoadBalancerTest {

    private static final List<LbPolicy> POLICIES = List.of(ROUND_ROBIN, RANDOM, LEAST_REQUEST, FULL_SCAN);

    @Test
    void thereIsNoPickFromNothing() {
        for (LbPolicy policy : POLICIES) {
            Balancers balancers = new Balancers(policy, RandomGenerator.getDefault());

            assertThat(balancers.over(EndpointSet.EMPTY).pick()).isEqualTo(Pick.NoEndpoint.NO_HEALTHY_UPSTREAM);
            assertThat(balancers.over(EndpointSet.EMPTY).pick(PickContext.ANY))
                    .isEqualTo(Pick.NoEndpoint.NO_HEALTHY_UPSTREAM);
        }
    }

    @Test
    void thereIsNoPickFromAnUnhealthyClusterWherePanicIsOff() {
        for (LbPolicy policy : POLICIES) {
            Balancers balancers = new Balancers(policy, panicBelow(0), RandomGenerator.getDefault());

            assertThat(balancers.over(group(0, 0, 0, 5)).pick()).isEqualTo(Pick.NoEndpoint.NO_HEALTHY_UPSTREAM);
            assertThat(balancers.panics()).isZero();
        }
    }

    @Test
    void picksFromAPriorityThatSomebodyElseHasChosen() {
        for (LbPolicy policy : POLICIES) {
            List<Endpoint> endpoints = group(0, 3, 1, 0);
            List<Endpoint> second = group(1, 1, 1, 8);
            endpoints.addAll(second);
            Balancers balancers = new Balancers(policy, RandomGenerator.getDefault());
            LoadBalancer balancer = balancers.over(endpoints);

            assertThat(balancer.pick(0, true)).isSameAs(endpoints.get(3));
            assertThat(balancer.pick(0, false)).isIn(endpoints.subList(0, 3));
            assertThat(balancer.pick(1, false)).isSameAs(second.getFirst());
            assertThat(balancer.pick(1, true)).isSameAs(second.get(1));
        }
    }

    @Test
    void aPickInPanicTakesAnyEndpointAndIsCounted() {
        for (LbPolicy policy : POLICIES) {
            List<Endpoint> endpoints = group(0, 1, 1, 4);
            endpoints.getLast().state().set(HealthFlag.PENDING_ACTIVE_HC);
            Balancers balancers = new Balancers(policy, RandomGenerator.getDefault());

            Tally tally = Tally.of(1_000, balancers.over(endpoints)::pick);

            assertThat(tally.times()).hasSize(6);
            assertThat(balancers.panics()).isEqualTo(1_000);
        }
    }

    @Test
    void theFractionOfThePanicThresholdIsCutOff() {
        List<Endpoint> nearlyHalf = group(0, 99, 0, 100);
        Balancers below = new Balancers(ROUND_ROBIN, panicBelow(49.9), RandomGenerator.getDefault());
        Balancers half = new Balancers(ROUND_ROBIN, panicBelow(50), RandomGenerator.getDefault());

        below.over(nearlyHalf).pick();
        half.over(nearlyHalf).pick();

        assertThat(below.panics()).isZero();
        assertThat(half.panics()).isEqualTo(1);
    }

    @Test
    void panicEndsWithTheNextSet() {
        List<Endpoint> endpoints = group(0, 0, 0, 3);
        Balancers balancers = new Balancers(ROUND_ROBIN, RandomGenerator.getDefault());
        balancers.over(endpoints).pick();
        endpoints.forEach(endpoint -> endpoint.state().clear(HealthFlag.FAILED_EDS_HEALTH));

        balancers.over(endpoints).pick();

        assertThat(balancers.panics()).isEqualTo(1);
    }

    @Test
    void prioritiesShareTheirLoadAtRandom() {
        Seeds.forEach(5, random -> {
            List<Endpoint> endpoints = new ArrayList<>(group(0, 1, 1, 2));
            endpoints.addAll(group(1, 1, 0, 0));
            Endpoint healthy = endpoints.get(0);
            Endpoint degraded = endpoints.get(1);
            Endpoint spare = endpoints.get(4);

            Tally tally = Tally.of(20_000, new Balancers(ROUND_ROBIN, random).over(endpoints)::pick);

            tally.hasShare(healthy, 0.35);
            tally.hasShare(spare, 0.65);
            assertThat(tally.times(degraded)).isZero();
        });
    }

    @Test
    void degradedEndpointsTakeTheRest() {
        Seeds.forEach(5, random -> {
            List<Endpoint> endpoints = group(0, 1, 3, 0);

            Tally tally = Tally.of(20_000, new Balancers(LEAST_REQUEST, random).over(endpoints)::pick);

            tally.hasShare(endpoints.get(0), 0.35);
            endpoints.subList(1, 4).forEach(degraded -> tally.hasShare(degraded, 0.65 / 3));
        });
    }

    @Test
    void aRandomPickIgnoresWeights() {
        Seeds.forEach(5, random -> {
            Endpoint light = endpoint("light").build();
            Endpoint heavy = endpoint("heavy").weight(50).build();

            Tally.of(10_000, new Balancers(RANDOM, random).over(light, heavy)::pick)
                    .hasShare(light, 0.5);
        });
    }

    /** Envoy decides both by one random number, so that a part of a large shared priority is never picked. */
    @Test
    void aRandomPickIsIndependentOfItsPriority() {
        Seeds.forEach(5, random -> {
            List<Endpoint> endpoints = new ArrayList<>(group(0, 50, 0, 50));
            endpoints.addAll(group(1, 100, 0, 0));

            Tally tally = Tally.of(40_000, new Balancers(RANDOM, random).over(endpoints)::pick);

            endpoints.subList(0, 50).forEach(endpoint -> tally.hasShare(endpoint, 0.70 / 50));
            endpoints.subList(100, 200).forEach(endpoint -> tally.hasShare(endpoint, 0.30 / 100));
        });
    }

    @Test
    void anUnhealthyEndpointIsNeverPickedOutsidePanicAndEveryHealthyOneIsPickedInTheEnd() {
        Seeds.forEach(100, random -> {
            List<Endpoint> endpoints = anyEndpoints(random);
            LbPolicy policy = POLICIES.get(random.nextInt(POLICIES.size()));
            Balancers balancers = new Balancers(policy, panicBelow(0), random);
            LoadBalancer balancer = balancers.over(endpoints);
            PriorityLoad load = PriorityLoad.of(EndpointSet.of(endpoints), 0);

            Set<Pick> picked = new HashSet<>();
            for (int i = 0; i < 20_000; i++) {
                picked.add(balancer.pick());
            }

            for (Endpoint endpoint : endpoints) {
                int flags = endpoint.state().healthFlags();
                boolean due = (HealthFlag.healthy(flags) && load.healthy(endpoint.priority()) > 0)
                        || (HealthFlag.degraded(flags) && load.degraded(endpoint.priority()) > 0);
                assertThat(picked.contains(endpoint))
                        .as("%s %x", endpoint, flags)
                        .isEqualTo(due);
            }
        });
    }

    @Test
    void rejectedEndpointsAreTriedOnWhileAttemptsLast() {
        List<Endpoint> endpoints = group(0, 3, 0, 0);
        LoadBalancer balancer = new Balancers(ROUND_ROBIN, () -> 0L).over(endpoints);

        assertThat(balancer.pick(rejecting(3, endpoints.get(0), endpoints.get(1))))
                .isEqualTo(endpoints.get(2));
        assertThat(balancer.pick(PickContext.ANY)).isEqualTo(endpoints.get(0));
    }

    @Test
    void theLastRejectedEndpointIsTakenWhenAttemptsAreOver() {
        List<Endpoint> endpoints = group(0, 3, 0, 0);
        LoadBalancer balancer = new Balancers(ROUND_ROBIN, () -> 0L).over(endpoints);

        Pick pick = balancer.pick(rejecting(2, endpoints.get(0), endpoints.get(1), endpoints.get(2)));

        assertThat(pick).isEqualTo(endpoints.get(1));
    }

    private static PickContext rejecting(int attempts, Endpoint... rejected) {
        return new PickContext() {
            @Override
            public int attempts() {
                return attempts;
            }

            @Override
            public boolean rejects(Endpoint endpoint) {
                return List.of(rejected).contains(endpoint);
            }
        };
    }

    private static List<Endpoint> anyEndpoints(RandomGenerator random) {
        List<Endpoint> endpoints = new ArrayList<>();
        int priorities = random.nextInt(1, 4);
        boolean weighted = random.nextBoolean();
        for (int i = 0; i < random.nextInt(1, 40); i++) {
            var example = endpoint("e" + i).at(random.nextInt(priorities));
            if (weighted) {
                example.weight(random.nextInt(1, 5));
            }
            for (HealthFlag flag : HealthFlag.values()) {
                if (random.nextInt(25) == 0) {
                    example.with(flag);
                }
            }
            endpoints.add(example.build());
        }
        return endpoints;
    }
}
