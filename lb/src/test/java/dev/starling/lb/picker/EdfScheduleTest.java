package dev.starling.lb.picker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.starling.lb.Seeds;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class EdfScheduleTest {

    @Test
    void entriesAreSpreadInProportionToTheirWeights() {
        EdfSchedule<Integer> schedule =
                EdfSchedule.started(List.of(0, 1, 2), i -> List.of(1, 2, 3).get(i), 0);

        assertThat(next(schedule, 6)).containsExactly(2, 1, 2, 0, 1, 2);
    }

    @Test
    void equalWeightsTakeTurns() {
        EdfSchedule<Integer> schedule = EdfSchedule.started(List.of(0, 1, 2), entry -> 5, 7);

        assertThat(next(schedule, 6)).containsExactly(1, 2, 0, 1, 2, 0);
    }

    /** Weights are drawn from the reals: with equal deadlines the two may break ties differently, as Envoy's do. */
    @Test
    void theStartIsWhatThatManyChoicesWouldHaveLedTo() {
        Seeds.forEach(300, random -> {
            double[] weights = random.doubles(random.nextInt(1, 40), 0.01, 100).toArray();
            List<Integer> entries = IntStream.range(0, weights.length).boxed().toList();
            int choices = random.nextInt(5000);
            OneByOne oracle = new OneByOne(weights);
            IntStream.range(0, choices).forEach(i -> oracle.next());

            EdfSchedule<Integer> schedule = EdfSchedule.started(entries, i -> weights[i], choices);

            assertThat(next(schedule, 500))
                    .isEqualTo(
                            IntStream.range(0, 500).mapToObj(i -> oracle.next()).toList());
        });
    }

    @Test
    void whereverItStartsEveryRoundIsFair() {
        Seeds.forEach(300, random -> {
            int[] weights = random.ints(random.nextInt(1, 20), 1, 12).toArray();
            List<Integer> entries = IntStream.range(0, weights.length).boxed().toList();
            int round = IntStream.of(weights).sum();

            EdfSchedule<Integer> schedule = EdfSchedule.started(entries, i -> weights[i], random.nextLong());

            List<Integer> chosen = next(schedule, 3 * round);
            for (int entry : entries) {
                long times = chosen.stream().filter(e -> e == entry).count();
                assertThat(times).isBetween(3L * weights[entry] - 2, 3L * weights[entry] + 2);
            }
        });
    }

    @Test
    void theSeedIsReadAsEnvoyReadsIt() {
        long limit = 429_496_729;
        double[] weights = {1, 7, 31};

        List<Integer> expected = next(EdfSchedule.started(List.of(0, 1, 2), i -> weights[i], 12), 20);

        assertThat(next(EdfSchedule.started(List.of(0, 1, 2), i -> weights[i], 9 * limit + 12), 20))
                .isEqualTo(expected);
        assertThat(next(EdfSchedule.started(List.of(0, 1, 2), i -> weights[i], (3L << 32) + 12), 20))
                .isEqualTo(expected);
    }

    @Test
    void aWeightIsAskedForAgainWhenItsEntryIsChosen() {
        double[] weights = {1, 1};
        EdfSchedule<Integer> schedule = EdfSchedule.started(List.of(0, 1), i -> weights[i], 0);
        assertThat(next(schedule, 4)).containsExactly(0, 1, 0, 1);

        weights[1] = 3;

        List<Integer> later = next(schedule, 401);
        assertThat(later.stream().filter(e -> e == 1).count()).isBetween(298L, 302L);
    }

    private static List<Integer> next(EdfSchedule<Integer> schedule, int times) {
        return IntStream.range(0, times).mapToObj(i -> schedule.next()).toList();
    }

    /** The definition, word by word, without a shortcut. */
    private static final class OneByOne {

        private final double[] weights;
        private final PriorityQueue<Waiting> queue = new PriorityQueue<>(
                Comparator.comparingDouble(Waiting::deadline).thenComparingLong(Waiting::order));
        private long order;

        private record Waiting(double deadline, long order, int entry) {}

        OneByOne(double[] weights) {
            this.weights = weights;
            for (int i = 0; i < weights.length; i++) {
                queue.add(new Waiting(1 / weights[i], order++, i));
            }
        }

        int next() {
            Waiting first = queue.remove();
            queue.add(new Waiting(first.deadline() + 1 / weights[first.entry()], order++, first.entry()));
            return first.entry();
        }
    }
}
