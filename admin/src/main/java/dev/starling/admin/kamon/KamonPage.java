package dev.starling.admin.kamon;

import com.typesafe.config.Config;
import dev.starling.runtime.stats.Counter;
import dev.starling.runtime.stats.Gauge;
import dev.starling.runtime.stats.Histogram;
import dev.starling.runtime.stats.Metric;
import dev.starling.runtime.stats.StatsStore;
import dev.starling.runtime.stats.render.ExtractedName;
import dev.starling.runtime.stats.render.StatsQuery;
import dev.starling.runtime.stats.render.Tag;
import dev.starling.runtime.stats.render.TagExtractor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import kamon.metric.Distribution;
import kamon.metric.DynamicRange;
import kamon.metric.Instrument;
import kamon.metric.MeasurementUnit;
import kamon.metric.Metric$Settings$ForDistributionInstrument;
import kamon.metric.Metric$Settings$ForValueInstrument;
import kamon.metric.MetricSnapshot;
import kamon.prometheus.PrometheusSettings;
import kamon.prometheus.ScrapeDataBuilder;
import kamon.tag.TagSet;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;

/**
 * The stats as kamon-prometheus writes what it reports: made when somebody scrapes, a family at a time, of snapshots that
 * never were Kamon's instruments. So Kamon itself is not started, and nothing is kept between scrapes.
 */
public final class KamonPage implements Iterator<String> {

    /** Only for instruments, which these snapshots have not. */
    private static final Duration NEVER_UPDATED = Duration.ZERO;

    /** One kind's families, and who writes them. */
    private record Family(List<Series> series, Function<List<Series>, ScrapeDataBuilder> writer) {}

    private record Series(String family, TagSet tags, Metric metric) {}

    private final PrometheusSettings.Generic settings;
    private final StatsQuery query;
    private final TagExtractor extractor = new TagExtractor();
    private final Iterator<Family> families;

    private KamonPage(StatsStore stats, StatsQuery query, Config config) {
        this.settings = PrometheusSettings.readSettings(config.getConfig("kamon.prometheus"));
        this.query = query;
        this.families = Stream.<Supplier<Stream<Family>>>of(
                        () -> families(stats.counters(), this::counters),
                        () -> families(stats.gauges(), this::gauges),
                        () -> families(stats.histograms(), this::histograms))
                .flatMap(Supplier::get)
                .iterator();
    }

    /** @param config with Kamon's own reference in it */
    public static KamonPage of(StatsStore stats, StatsQuery query, Config config) {
        return new KamonPage(stats, query, config);
    }

    @Override
    public boolean hasNext() {
        return families.hasNext();
    }

    @Override
    public String next() {
        Family family = families.next();
        return family.writer().apply(family.series()).build();
    }

    private Stream<Family> families(
            Collection<? extends Metric> metrics, Function<List<Series>, ScrapeDataBuilder> writer) {
        SortedMap<String, List<Series>> byName = new TreeMap<>();
        for (Metric metric : metrics) {
            if (query.shows(metric)) {
                ExtractedName name = extractor.extract(metric.name());
                Map<String, Object> tags =
                        name.tags().stream().collect(Collectors.toMap(Tag::name, Tag::value, (first, _) -> first));
                byName.computeIfAbsent(name.name(), _ -> new ArrayList<>())
                        .add(new Series(name.name(), TagSet.from(tags), metric));
            }
        }
        return byName.values().stream().map(series -> new Family(series, writer));
    }

    private ScrapeDataBuilder writer() {
        return new ScrapeDataBuilder(settings, TagSet.Empty());
    }

    private ScrapeDataBuilder counters(List<Series> series) {
        return writer().appendCounters(one(values(series, metric -> ((Counter) metric).value())));
    }

    private ScrapeDataBuilder gauges(List<Series> series) {
        return writer().appendGauges(one(values(series, metric -> (double) ((Gauge) metric).value())));
    }

    private ScrapeDataBuilder histograms(List<Series> series) {
        Histogram first = (Histogram) series.getFirst().metric();
        var distributions = new Metric$Settings$ForDistributionInstrument(
                KamonHistogram.unit(first.unit()), NEVER_UPDATED, DynamicRange.Default());
        return writer().appendHistograms(one(MetricSnapshot.ofDistributions(
                name(series), "", distributions, snapshots(series, metric ->
                        (Distribution) KamonHistogram.of((Histogram) metric)))));
    }

    private static MetricSnapshot<Metric$Settings$ForValueInstrument, Object> values(
            List<Series> series, Function<Metric, Object> value) {
        return MetricSnapshot.ofValues(
                name(series),
                "",
                new Metric$Settings$ForValueInstrument(MeasurementUnit.none(), NEVER_UPDATED),
                snapshots(series, value));
    }

    private static String name(List<Series> series) {
        return series.getFirst().family();
    }

    private static <T> Seq<Instrument.Snapshot<T>> snapshots(List<Series> series, Function<Metric, T> value) {
        return CollectionConverters.asScala(series.stream()
                        .map(each -> new Instrument.Snapshot<>(each.tags(), value.apply(each.metric())))
                        .toList())
                .toSeq();
    }

    private static <T> Seq<T> one(T element) {
        return CollectionConverters.asScala(List.of(element)).toSeq();
    }
}
