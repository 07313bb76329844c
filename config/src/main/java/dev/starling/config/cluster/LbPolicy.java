package dev.starling.config.cluster;

import java.time.Duration;
import java.util.Optional;

/** The balancing policy of a cluster. */
public sealed interface LbPolicy {

    /** @param slowStart absent: a new endpoint takes its full share at once */
    record RoundRobin(Optional<SlowStart> slowStart) implements LbPolicy {}

    /**
     * @param choiceCount draws per pick, from 2
     * @param activeRequestBias exponent over active requests, not negative
     */
    record LeastRequest(int choiceCount, double activeRequestBias, boolean fullScan, Optional<SlowStart> slowStart)
            implements LbPolicy {}

    /** Weights are ignored. */
    record Random() implements LbPolicy {}

    /**
     * @param aggression above 0, 1 is linear
     * @param minWeightPercent 0 to 100
     */
    record SlowStart(Duration window, double aggression, double minWeightPercent) {}
}
