package dev.starling.bench;

import dev.starling.runtime.stats.Counter;
import dev.starling.runtime.stats.Histogram;
import dev.starling.runtime.stats.StatsStore;
import dev.starling.runtime.stats.StatsStripe;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.annotations.Warmup;

/** What counting costs when two loops count the same thing: in cells of their own, and in one shared number. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
@Threads(2)
public class StatsBenchmark {

    /** What the loops share. */
    @State(Scope.Benchmark)
    public static class Shared {
        final StatsStore store = new StatsStore(2);
        final Counter counter = store.scope("cluster.a").counter("upstream_rq_total");
        final Histogram histogram = store.scope("cluster.a").histogram("upstream_rq_time", Histogram.Unit.MILLISECONDS);
        final AtomicLong number = new AtomicLong();
        final AtomicInteger loops = new AtomicInteger();
    }

    /** What a loop has of its own. */
    @State(Scope.Thread)
    public static class Loop {
        @SuppressWarnings("NullAway.Init") // JMH calls join before it measures
        private StatsStripe stripe;

        private long value;

        @Setup
        public void join(Shared shared) {
            stripe = shared.store.stripe(shared.loops.getAndIncrement());
        }
    }

    @Benchmark
    public void stripedCounter(Shared shared, Loop loop) {
        shared.counter.inc(loop.stripe);
    }

    @Benchmark
    public void sharedNumber(Shared shared) {
        shared.number.incrementAndGet();
    }

    @Benchmark
    public void histogram(Shared shared, Loop loop) {
        loop.value = loop.value * 6364136223846793005L + 1442695040888963407L;
        shared.histogram.record(loop.stripe, loop.value >>> 50);
    }
}
