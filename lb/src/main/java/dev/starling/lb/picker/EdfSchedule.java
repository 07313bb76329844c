package dev.starling.lb.picker;

import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * Earliest deadline first: entries are chosen in proportion to their weights and spread evenly. An entry's deadline is
 * the time it was last chosen plus the inverse of its weight then; the earliest deadline is next, and becomes the time.
 * Equal deadlines go first in, first out. Does what Envoy's {@code EdfScheduler} does, on a heap in parallel arrays.
 */
final class EdfSchedule<T> {

    /** As many picks as Envoy is willing to pretend, a tenth of the unsigned 32-bit range. */
    private static final long START_LIMIT = 429_496_729L;

    /** Keeps weights from being exact multiples of each other, which would break ties by rounding error. */
    private static final double EPSILON = 1e-13;

    private final List<? extends T> entries;
    private final ToDoubleFunction<? super T> weight;

    // A binary heap: position 0 is chosen next.
    private final double[] deadlines;
    private final long[] orders;
    private final int[] indexes;

    private long nextOrder;

    private EdfSchedule(List<? extends T> entries, ToDoubleFunction<? super T> weight) {
        this.entries = entries;
        this.weight = weight;
        int size = entries.size();
        deadlines = new double[size];
        orders = new long[size];
        indexes = new int[size];
    }

    /**
     * A schedule as it is after a number of choices drawn from the seed, so that balancers with different seeds do not
     * all begin with the heaviest entry. The choices are not made one by one: each entry is given the whole number of
     * choices that is due to it, and only what rounding leaves over, fewer than there are entries, is made.
     *
     * @param entries not empty
     * @param weight above 0; asked again each time an entry is chosen
     */
    static <T> EdfSchedule<T> started(List<? extends T> entries, ToDoubleFunction<? super T> weight, long seed) {
        EdfSchedule<T> schedule = new EdfSchedule<>(entries, weight);
        schedule.start((seed & 0xFFFF_FFFFL) % START_LIMIT);
        return schedule;
    }

    private void start(long choices) {
        int size = deadlines.length;
        double[] weights = new double[size];
        double sum = 0;
        for (int i = 0; i < size; i++) {
            weights[i] = weight.applyAsDouble(entries.get(i)) + EPSILON;
            sum += weights[i];
        }
        long made = 0;
        for (int i = 0; i < size; i++) {
            long due = (long) (weights[i] * choices / sum);
            if (due > 0 && due / weights[i] >= choices / sum) {
                // The product was rounded up to a whole number: this choice has not happened yet.
                due--;
            }
            deadlines[i] = (due + 1) / weights[i];
            orders[i] = i;
            indexes[i] = i;
            made += due;
        }
        nextOrder = size;
        for (int position = size / 2 - 1; position >= 0; position--) {
            sink(position, deadlines[position], orders[position], indexes[position]);
        }
        for (; made < choices; made++) {
            next();
        }
    }

    T next() {
        int index = indexes[0];
        T entry = entries.get(index);
        sink(0, deadlines[0] + 1.0 / weight.applyAsDouble(entry), nextOrder++, index);
        return entry;
    }

    private void sink(int from, double deadline, long order, int index) {
        int position = from;
        int half = deadlines.length / 2;
        while (position < half) {
            int child = 2 * position + 1;
            int right = child + 1;
            if (right < deadlines.length
                    && precedes(deadlines[right], orders[right], deadlines[child], orders[child])) {
                child = right;
            }
            if (precedes(deadline, order, deadlines[child], orders[child])) {
                break;
            }
            deadlines[position] = deadlines[child];
            orders[position] = orders[child];
            indexes[position] = indexes[child];
            position = child;
        }
        deadlines[position] = deadline;
        orders[position] = order;
        indexes[position] = index;
    }

    private static boolean precedes(double deadline, long order, double otherDeadline, long otherOrder) {
        return deadline < otherDeadline || (deadline == otherDeadline && order < otherOrder);
    }
}
