package dev.starling.admin.kamon;

import dev.starling.runtime.stats.Histogram;
import dev.starling.runtime.stats.HistogramSnapshot;
import java.util.ArrayList;
import java.util.List;
import kamon.metric.Distribution;
import kamon.metric.DynamicRange;
import kamon.metric.MeasurementUnit;
import scala.collection.Iterator;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;

/**
 * One histogram as Kamon's reporters read it. They count in whole numbers, so that times are given in microseconds; a bucket
 * stands for where it begins, as on Envoy's pages.
 */
record KamonHistogram(List<Step> steps, long sum, long count) implements Distribution {

    /**
     * The values up to and in one bucket.
     *
     * @param rank share of all values, in percent
     */
    record Step(long value, long frequency, long countAtRank, double rank) implements Bucket, Percentile {}

    static KamonHistogram of(Histogram histogram) {
        HistogramSnapshot snapshot = histogram.cumulative();
        double scale = histogram.unit() == Histogram.Unit.MILLISECONDS ? 1000 : 1;
        List<Step> steps = new ArrayList<>();
        snapshot.forEachBucket((lower, _, count) -> {
            long below = steps.isEmpty() ? 0 : steps.getLast().countAtRank();
            double rank = 100.0 * (below + count) / snapshot.count();
            steps.add(new Step(Math.round(lower * scale), count, below + count, rank));
        });
        return new KamonHistogram(List.copyOf(steps), Math.round(snapshot.sum() * scale), snapshot.count());
    }

    static MeasurementUnit unit(Histogram.Unit unit) {
        return switch (unit) {
            case MILLISECONDS, MICROSECONDS -> MeasurementUnit.time().microseconds();
            case BYTES -> MeasurementUnit.information().bytes();
            case UNSPECIFIED -> MeasurementUnit.none();
        };
    }

    @Override
    public DynamicRange dynamicRange() {
        return DynamicRange.Default();
    }

    @Override
    public long min() {
        return steps.isEmpty() ? 0 : steps.getFirst().value();
    }

    @Override
    public long max() {
        return steps.isEmpty() ? 0 : steps.getLast().value();
    }

    @Override
    public Percentile percentile(double rank) {
        return steps.stream()
                .filter(step -> step.rank() >= rank)
                .findFirst()
                .orElseGet(() -> new Step(max(), 0, count, 100));
    }

    @Override
    public Seq<Percentile> percentiles() {
        return CollectionConverters.asScala(List.<Percentile>copyOf(steps)).toSeq();
    }

    @Override
    public Iterator<Percentile> percentilesIterator() {
        return percentiles().iterator();
    }

    @Override
    public Seq<Bucket> buckets() {
        return CollectionConverters.asScala(List.<Bucket>copyOf(steps)).toSeq();
    }

    @Override
    public Iterator<Bucket> bucketsIterator() {
        return buckets().iterator();
    }
}
