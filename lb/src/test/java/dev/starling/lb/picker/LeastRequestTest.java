package dev.starling.lb.picker;

import static dev.starling.lb.ExampleEndpoint.endpoint;
import static dev.starling.lb.ExampleEndpoint.group;
import static dev.starling.lb.picker.Balancers.FULL_SCAN;
import static dev.starling.lb.picker.Balancers.LEAST_REQUEST;
import static org.assertj.core.api.Assertions.assertThat;

import dev.starling.config.RuntimeDouble;
import dev.starling.config.cluster.LbPolicy;
import dev.starling.lb.Endpoint;
import dev.starling.lb.Pick;
import dev.starling.lb.Seeds;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LeastRequestTest {

    @Test
    void theBusierOfTwoIsPickedWhenBothDrawsHitIt() {
        Seeds.forEach(5, random -> {
            Endpoint idle = endpoint("idle").build();
            Endpoint busy = busy(endpoint("busy").build(), 3);

            Tally tally = Tally.of(10_000, new Balancers(LEAST_REQUEST, random).over(idle, busy)::pick);

            tally.hasShare(busy, 0.25);
        });
    }

    @Test
    void moreChoicesFindTheIdleOneMoreOften() {
        Seeds.forEach(5, random -> {
            Endpoint idle = endpoint("idle").build();
            Endpoint busy = busy(endpoint("busy").build(), 1);
            LbPolicy five = new LbPolicy.LeastRequest(5, RuntimeDouble.of(1), false, Optional.empty());

            Tally tally = Tally.of(10_000, new Balancers(five, random).over(busy, idle)::pick);

            tally.hasShare(busy, Math.pow(0.5, 5));
        });
    }

    @Test
    void equalsAreEquallyLikely() {
        Seeds.forEach(5, random -> {
            List<Endpoint> endpoints = group(0, 7, 0, 0);

            Tally tally = Tally.of(14_000, new Balancers(LEAST_REQUEST, random).over(endpoints)::pick);

            endpoints.forEach(endpoint -> tally.hasShare(endpoint, 1.0 / 7));
        });
    }

    @Test
    void ofEqualsTheFirstDrawnIsTaken() {
        List<Endpoint> endpoints = group(0, 4, 0, 0);
        endpoints.forEach(endpoint -> busy(endpoint, 2));

        Pick pick = new Balancers(LEAST_REQUEST, drawing(3, 1)).over(endpoints).pick();

        assertThat(pick).isEqualTo(endpoints.get(3));
    }

    @Test
    void aFullScanFindsTheIdleOneEachTimeAndEqualsAreEquallyLikely() {
        Seeds.forEach(5, random -> {
            List<Endpoint> endpoints = group(0, 9, 0, 0);
            endpoints.subList(0, 5).forEach(endpoint -> busy(endpoint, 1));
            busy(endpoints.get(7), 1);

            Tally tally = Tally.of(9_000, new Balancers(FULL_SCAN, random).over(endpoints)::pick);

            IntStream.of(5, 6, 8).forEach(i -> tally.hasShare(endpoints.get(i), 1.0 / 3));
        });
    }

    @Test
    void unequalWeightsAreDividedByTheActiveRequestsAndOneMore() {
        Seeds.forEach(5, random -> {
            Endpoint idle = endpoint("idle").weight(2).build();
            Endpoint busy = busy(endpoint("busy").weight(8).build(), 3);

            Tally tally = Tally.of(4_000, new Balancers(LEAST_REQUEST, random).over(idle, busy)::pick);

            tally.hasExactShare(idle, 0.5);
        });
    }

    @Test
    void theBiasIsTheirExponent() {
        Seeds.forEach(5, random -> {
            Endpoint idle = endpoint("idle").weight(1).build();
            Endpoint busy = busy(endpoint("busy").weight(8).build(), 3);
            LbPolicy squared = new LbPolicy.LeastRequest(2, RuntimeDouble.of(2), false, Optional.empty());
            LbPolicy ignored = new LbPolicy.LeastRequest(2, RuntimeDouble.of(0), false, Optional.empty());

            Tally.of(3_000, new Balancers(squared, random).over(idle, busy)::pick)
                    .hasExactShare(idle, 1 / 1.5);
            Tally.of(3_000, new Balancers(ignored, random).over(idle, busy)::pick)
                    .hasExactShare(idle, 1 / 9.0);
        });
    }

    @Test
    void theRuntimeMayHaveAnotherBias() {
        Seeds.forEach(5, random -> {
            Endpoint idle = endpoint("idle").weight(1).build();
            Endpoint busy = busy(endpoint("busy").weight(8).build(), 3);
            var bias = new RuntimeDouble(0, "bias");
            Balancers squared = new Balancers(new LbPolicy.LeastRequest(2, bias, false, Optional.empty()), random);
            squared.runtime.put("bias", 2.0);
            Balancers nonsense = new Balancers(new LbPolicy.LeastRequest(2, bias, false, Optional.empty()), random);
            nonsense.runtime.put("bias", -1.0);

            Tally.of(3_000, squared.over(idle, busy)::pick).hasExactShare(idle, 1 / 1.5);
            Tally.of(3_000, nonsense.over(idle, busy)::pick).hasExactShare(idle, 1 / 3.0);
        });
    }

    @Test
    void requestsThatEndMakeRoomAgain() {
        Seeds.forEach(5, random -> {
            Endpoint first = endpoint("first").weight(1).build();
            Endpoint second = busy(endpoint("second").weight(2).build(), 1);
            LoadBalancer balancer = new Balancers(LEAST_REQUEST, random).over(first, second);
            Tally.of(300, balancer::pick).hasExactShare(first, 0.5);

            second.state().requestEnded();

            // One pick with the weight it was last entered with, and from then on the new one
            assertThat(Tally.of(300, balancer::pick).times(second)).isBetween(198, 202);
        });
    }

    private static RandomGenerator drawing(Integer... draws) {
        Iterator<Integer> remaining = List.of(draws).iterator();
        return new RandomGenerator() {
            @Override
            public long nextLong() {
                return 0;
            }

            @Override
            public int nextInt(int bound) {
                return remaining.next();
            }
        };
    }

    private static Endpoint busy(Endpoint endpoint, int requests) {
        IntStream.range(0, requests).forEach(i -> endpoint.state().requestStarted());
        return endpoint;
    }
}
