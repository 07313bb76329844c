package dev.starling.lb;

import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/** Runs a property with several seeds; a failure names the seed, and {@code -Dseed=} repeats it. */
public final class Seeds {

    private Seeds() {}

    public static void forEach(int times, Consumer<RandomGenerator> property) {
        Long replay = Long.getLong("seed");
        long first = replay == null ? new SplittableRandom().nextLong() : replay;
        for (int i = 0; i < (replay == null ? times : 1); i++) {
            long seed = first + i;
            try {
                property.accept(new SplittableRandom(seed));
            } catch (AssertionError | RuntimeException failure) {
                throw new AssertionError("with -Dseed=" + seed + ": " + failure.getMessage(), failure);
            }
        }
    }
}
