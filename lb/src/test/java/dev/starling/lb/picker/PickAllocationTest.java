package dev.starling.lb.picker;

import static dev.starling.lb.ExampleEndpoint.endpoint;
import static dev.starling.lb.ExampleEndpoint.group;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.starling.config.RuntimeDouble;
import dev.starling.config.cluster.LbPolicy;
import dev.starling.config.cluster.LbPolicy.SlowStart;
import dev.starling.lb.Endpoint;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** A pick is made for each request: it must not make garbage. */
class PickAllocationTest {

    private static final int PICKS = 100_000;

    /** Below one byte a pick; the JVM itself may allocate a little on the thread meanwhile. */
    private static final long ALLOWED_BYTES = PICKS / 4;

    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private final Optional<SlowStart> slowStart =
            Optional.of(new SlowStart(Duration.ofHours(1), RuntimeDouble.of(2), 10));

    @Test
    void aPickAllocatesNothingWhateverThePolicyAndTheEndpoints() {
        List<LbPolicy> policies = List.of(
                Balancers.ROUND_ROBIN,
                Balancers.RANDOM,
                Balancers.LEAST_REQUEST,
                Balancers.FULL_SCAN,
                new LbPolicy.RoundRobin(slowStart),
                new LbPolicy.LeastRequest(3, RuntimeDouble.of(1.5), false, slowStart));
        List<Endpoint> shared = new ArrayList<>(group(0, 2, 1, 3));
        shared.addAll(group(1, 2, 1, 3));
        List<List<Endpoint>> sets = List.of(group(0, 20, 0, 0), weighted(), group(0, 1, 0, 9), shared);

        for (LbPolicy policy : policies) {
            for (List<Endpoint> endpoints : sets) {
                LoadBalancer balancer = new Balancers(policy, new SplittableRandom(1)).over(endpoints);
                pick(balancer);

                long before = threads.getCurrentThreadAllocatedBytes();
                pick(balancer);
                long allocated = threads.getCurrentThreadAllocatedBytes() - before;

                assertThat(allocated).as("%s over %s", policy, endpoints).isLessThan(ALLOWED_BYTES);
            }
        }
    }

    private static List<Endpoint> weighted() {
        List<Endpoint> endpoints = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            endpoints.add(endpoint("e" + i).weight(1 + i).build());
        }
        return endpoints;
    }

    private static void pick(LoadBalancer balancer) {
        for (int i = 0; i < PICKS / 2; i++) {
            balancer.pick();
            balancer.pick(PickContext.ANY);
        }
    }
}
