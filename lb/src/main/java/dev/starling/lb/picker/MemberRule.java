package dev.starling.lb.picker;

import dev.starling.config.RuntimeDouble;
import dev.starling.config.cluster.LbPolicy;
import dev.starling.lb.EndpointList;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import java.util.random.RandomGenerator;

/**
 * How members of a list are chosen by one policy.
 *
 * @param pickers makes the picker for one more list
 * @param weighted members that differ in weight are scheduled by it; otherwise weights are ignored
 * @param seed where schedules and rounds begin
 */
record MemberRule(Supplier<MemberPicker> pickers, boolean weighted, EndpointWeight weight, long seed) {

    static MemberRule of(
            LbPolicy policy, ToDoubleFunction<RuntimeDouble> runtime, RandomGenerator random, LongSupplier nanoTicker) {
        long seed = random.nextLong();
        LiveNumber indifferent = new LiveNumber(RuntimeDouble.of(0), runtime, _ -> true);
        return switch (policy) {
            case LbPolicy.RoundRobin(var slowStart) ->
                new MemberRule(
                        () -> new MemberPicker.RoundRobin(seed),
                        true,
                        new EndpointWeight(indifferent, SlowStartRamp.of(slowStart, runtime, nanoTicker)),
                        seed);
            case LbPolicy.LeastRequest(int choices, var bias, boolean fullScan, var slowStart) -> {
                MemberPicker picker =
                        fullScan ? new MemberPicker.FullScan(random) : new MemberPicker.LeastRequest(choices, random);
                LiveNumber live = new LiveNumber(bias, runtime, value -> value >= 0);
                EndpointWeight weight = new EndpointWeight(live, SlowStartRamp.of(slowStart, runtime, nanoTicker));
                yield new MemberRule(() -> picker, true, weight, seed);
            }
            case LbPolicy.Random() -> {
                MemberPicker picker = new MemberPicker.Random(random);
                EndpointWeight unused = new EndpointWeight(indifferent, SlowStartRamp.none(runtime, nanoTicker));
                yield new MemberRule(() -> picker, false, unused, seed);
            }
        };
    }

    /** Whether these members must be scheduled by weight; if not, they are all alike. */
    boolean schedules(EndpointList members) {
        return weighted && members.size() > 1 && (!members.equalWeights() || weight.climbing(members));
    }
}
