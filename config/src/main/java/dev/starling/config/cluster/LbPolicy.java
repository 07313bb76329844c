package dev.starling.config.cluster;

import dev.starling.config.RuntimeDouble;
import java.time.Duration;
import java.util.Optional;

/** The balancing policy of a cluster. */
public sealed interface LbPolicy {

    /** @param slowStart absent: a new endpoint takes its full share at once */
    record RoundRobin(Optional<SlowStart> slowStart) implements LbPolicy {}

    /**
     * @param choiceCount draws per pick, from 2
     * @param activeRequestBias exponent over active requests; 1 if it is negative
     */
    record LeastRequest(
            int choiceCount, RuntimeDouble activeRequestBias, boolean fullScan, Optional<SlowStart> slowStart)
            implements LbPolicy {}

    /** Weights are ignored. */
    record Random() implements LbPolicy {}

    /**
     * @param aggression 1 is linear, and taken if it is not above 0
     * @param minWeightPercent 0 to 100
     */
    record SlowStart(Duration window, RuntimeDouble aggression, double minWeightPercent) {}
}
