package dev.starling.xds;

import java.util.function.LongUnaryOperator;
import java.util.random.RandomGenerator;

/**
 * Chance that is in the test's hand.
 *
 * @param draw what is drawn below a bound
 */
public record ChosenDraws(LongUnaryOperator draw) implements RandomGenerator {

    @Override
    public long nextLong() {
        throw new UnsupportedOperationException();
    }

    @Override
    public long nextLong(long bound) {
        return draw.applyAsLong(bound);
    }
}
