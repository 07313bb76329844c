package dev.starling.runtime.stats;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** Several loops at once. What they wrote must all be there when they have ended, and grow while they write. */
class StripingTest {

    private static final int LOOPS = 4;
    private static final int ROUNDS = 20_000;

    private final long seed = Long.getLong("seed", System.nanoTime());
    private final StatsStore store = new StatsStore(LOOPS);

    @Test
    void losesNoIncrementOfAnyLoop() throws Exception {
        System.out.println("seed " + seed);
        StatsScope scope = store.scope("cluster.shop.");
        List<Counter> counters = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            counters.add(scope.counter("c" + i));
        }
        Histogram histogram = scope.histogram("h", Histogram.Unit.MILLISECONDS);
        CodeStats codes = new CodeStats(scope, "upstream_rq_");

        long[][] expected = new long[LOOPS][counters.size()];
        runOnLoops(loop -> {
            Random random = new Random(seed + loop);
            StatsStripe stripe = store.stripe(loop);
            for (int round = 0; round < ROUNDS; round++) {
                int which = random.nextInt(counters.size());
                counters.get(which).inc(stripe);
                expected[loop][which]++;
                counters.get(0).inc();
                histogram.record(stripe, random.nextInt(100_000));
                codes.record(stripe, 200 + random.nextInt(3));
            }
        });

        for (int which = 0; which < counters.size(); which++) {
            long sum = which == 0 ? (long) LOOPS * ROUNDS : 0;
            for (long[] ofLoop : expected) {
                sum += ofLoop[which];
            }
            assertThat(counters.get(which).value())
                    .as("seed %d, counter %d", seed, which)
                    .isEqualTo(sum);
        }
        store.mergeHistograms();
        assertThat(histogram.cumulative().count()).isEqualTo((long) LOOPS * ROUNDS);
        assertThat(scope.counter("upstream_rq_completed").value()).isEqualTo((long) LOOPS * ROUNDS);
        assertThat(scope.counter("upstream_rq_2xx").value()).isEqualTo((long) LOOPS * ROUNDS);
    }

    @Test
    void neverShowsACounterOrHistogramGoingBack() throws Exception {
        StatsScope scope = store.scope("a.");
        Counter counter = scope.counter("c");
        Histogram histogram = scope.histogram("h", Histogram.Unit.UNSPECIFIED);

        runOnLoops(loop -> {
            if (loop == 0) {
                long seen = 0;
                long recorded = 0;
                while (seen < (LOOPS - 1L) * ROUNDS) {
                    long now = counter.value();
                    assertThat(now).isGreaterThanOrEqualTo(seen);
                    seen = now;
                    store.mergeHistograms();
                    long count = histogram.cumulative().count();
                    assertThat(count).isGreaterThanOrEqualTo(recorded);
                    recorded = count;
                }
            } else {
                for (int round = 0; round < ROUNDS; round++) {
                    histogram.record(store.stripe(loop), (long) round * loop);
                    counter.inc(store.stripe(loop));
                }
            }
        });

        store.mergeHistograms();
        assertThat(histogram.cumulative().count()).isEqualTo((LOOPS - 1L) * ROUNDS);
    }

    private interface LoopBody {
        void run(int loop);
    }

    private static void runOnLoops(LoopBody body) throws Exception {
        CountDownLatch start = new CountDownLatch(1);
        try (ExecutorService threads = Executors.newFixedThreadPool(LOOPS)) {
            List<Future<?>> ends = new ArrayList<>();
            for (int loop = 0; loop < LOOPS; loop++) {
                int index = loop;
                ends.add(threads.submit(() -> {
                    start.await();
                    body.run(index);
                    return null;
                }));
            }
            start.countDown();
            for (Future<?> end : ends) {
                end.get();
            }
        }
    }
}
