package dev.starling.lb.picker;

import dev.starling.config.Percent;
import dev.starling.config.RuntimeDouble;
import dev.starling.config.cluster.CommonLb;
import dev.starling.config.cluster.LbPolicy;
import dev.starling.lb.Endpoint;
import dev.starling.lb.EndpointSet;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/** A balancer with what it counts and the time it is told. */
final class Balancers implements LbStats, LongSupplier {

    static final LbPolicy ROUND_ROBIN = new LbPolicy.RoundRobin(Optional.empty());
    static final LbPolicy RANDOM = new LbPolicy.Random();
    static final LbPolicy LEAST_REQUEST = new LbPolicy.LeastRequest(2, RuntimeDouble.of(1), false, Optional.empty());
    static final LbPolicy FULL_SCAN = new LbPolicy.LeastRequest(2, RuntimeDouble.of(1), true, Optional.empty());

    /** What the runtime has. */
    final Map<String, Double> runtime = new HashMap<>();

    private final LoadBalancer balancer;
    private long nowNanos = -5_000_000_000L;
    private int healthyPanic;

    private double number(RuntimeDouble setting) {
        return runtime.getOrDefault(setting.runtimeKey(), setting.defaultValue());
    }

    Balancers(LbPolicy policy, CommonLb common, RandomGenerator random) {
        balancer = LoadBalancer.create(policy, common, this::number, random, this, this);
    }

    Balancers(LbPolicy policy, RandomGenerator random) {
        this(policy, CommonLb.DEFAULT, random);
    }

    static CommonLb panicBelow(double percent) {
        return new CommonLb(new Percent(percent), false, Duration.ZERO, false);
    }

    static CommonLb localityWeighted() {
        return new CommonLb(new Percent(50), true, Duration.ZERO, false);
    }

    LoadBalancer over(List<Endpoint> endpoints) {
        return over(EndpointSet.of(endpoints));
    }

    LoadBalancer over(Endpoint... endpoints) {
        return over(List.of(endpoints));
    }

    LoadBalancer over(EndpointSet endpoints) {
        balancer.update(endpoints);
        return balancer;
    }

    void pass(Duration time) {
        nowNanos += time.toNanos();
    }

    int panics() {
        return healthyPanic;
    }

    @Override
    public void healthyPanic() {
        healthyPanic++;
    }

    @Override
    public long getAsLong() {
        return nowNanos;
    }
}
