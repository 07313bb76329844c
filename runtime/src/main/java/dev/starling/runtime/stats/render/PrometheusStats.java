package dev.starling.runtime.stats.render;

import dev.starling.runtime.stats.Counter;
import dev.starling.runtime.stats.Gauge;
import dev.starling.runtime.stats.Histogram;
import dev.starling.runtime.stats.Metric;
import dev.starling.runtime.stats.StatsStore;
import dev.starling.runtime.stats.TextReadout;
import dev.starling.runtime.text.NumberText;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Queue;

/**
 * The text exposition format: stats grouped into families by their names without tags, one kind after the other. Only
 * the kind being written is held sorted.
 */
final class PrometheusStats implements StatsWriter {

    /** A stat, its family, and its labels as they are written. */
    private record Series(String family, String labels, Metric metric) {}

    private static final Comparator<Series> BY_FAMILY = (a, b) -> {
        int families = compareTokens(a.family, b.family);
        return families != 0 ? families : compareTokens(a.metric.name(), b.metric.name());
    };

    private final StatsQuery query;
    private final TagExtractor extractor = new TagExtractor();
    private final Queue<Collection<? extends Metric>> kinds = new ArrayDeque<>();
    private Iterator<Series> series = Collections.emptyIterator();
    private String family = "";
    private String familyName = "";

    PrometheusStats(StatsStore store, StatsQuery query) {
        this.query = query;
        kinds.add(store.counters());
        kinds.add(store.gauges());
        if (query.textReadouts()) {
            kinds.add(store.textReadouts());
        }
        kinds.add(store.histograms());
    }

    @Override
    public boolean write(StringBuilder page) {
        while (!series.hasNext()) {
            Collection<? extends Metric> kind = kinds.poll();
            if (kind == null) {
                return false;
            }
            series = sorted(kind);
            family = "";
        }
        Series next = series.next();
        if (!next.family.equals(family)) {
            family = next.family;
            familyName = "envoy_" + PrometheusText.name(family);
            page.append("# TYPE ")
                    .append(familyName)
                    .append(' ')
                    .append(type(next.metric))
                    .append('\n');
        }
        switch (next.metric) {
            case Counter counter -> sample(page, "", next.labels, Long.toString(counter.value()));
            case Gauge gauge -> sample(page, "", next.labels, Long.toUnsignedString(gauge.value()));
            case TextReadout text ->
                sample(page, "", PrometheusText.with(next.labels, "text_value", text.value()), "0");
            case Histogram histogram -> histogram(page, next.labels, histogram);
        }
        return true;
    }

    private Iterator<Series> sorted(Collection<? extends Metric> kind) {
        List<Series> all = new ArrayList<>();
        for (Metric metric : kind) {
            if (query.shows(metric)) {
                ExtractedName name = extractor.extract(metric.name());
                all.add(new Series(name.name(), PrometheusText.labels(name.tags()), metric));
            }
        }
        all.sort(BY_FAMILY);
        return all.iterator();
    }

    private String type(Metric metric) {
        return switch (metric) {
            case Counter _ -> "counter";
            case Gauge _, TextReadout _ -> "gauge";
            case Histogram _ -> query.histogramMode() == HistogramMode.SUMMARY ? "summary" : "histogram";
        };
    }

    private void sample(StringBuilder page, String suffix, String labels, String value) {
        page.append(familyName)
                .append(suffix)
                .append('{')
                .append(labels)
                .append("} ")
                .append(value)
                .append('\n');
    }

    private void histogram(StringBuilder page, String labels, Histogram histogram) {
        boolean summary = query.histogramMode() == HistogramMode.SUMMARY;
        // As Envoy: a summary is of the last interval, buckets are of all time.
        var snapshot = summary ? histogram.interval() : histogram.cumulative();
        if (summary) {
            double[] quantiles = HistogramBounds.quantiles(snapshot);
            for (int i = 0; i < quantiles.length; i++) {
                String quantile = PrometheusText.with(labels, "quantile", HistogramBounds.QUANTILE_TEXTS[i]);
                sample(page, "", quantile, NumberText.prometheus(quantiles[i]));
            }
        } else {
            long[] counts = HistogramBounds.counts(snapshot, HistogramMode.CUMULATIVE);
            for (int i = 0; i < counts.length; i++) {
                String bound = NumberText.prometheus(HistogramBounds.bucket(i));
                sample(page, "_bucket", PrometheusText.with(labels, "le", bound), Long.toString(counts[i]));
            }
            sample(page, "_bucket", PrometheusText.with(labels, "le", "+Inf"), Long.toString(snapshot.count()));
        }
        sample(page, "_sum", labels, NumberText.prometheus(snapshot.sum()));
        sample(page, "_count", labels, Long.toString(snapshot.count()));
    }

    /** Token by token, as Envoy's symbol table compares names: a dot comes before any other character. */
    private static int compareTokens(String a, String b) {
        int length = Math.min(a.length(), b.length());
        for (int i = 0; i < length; i++) {
            char left = a.charAt(i);
            char right = b.charAt(i);
            if (left != right) {
                return Character.compare(left == '.' ? 0 : left, right == '.' ? 0 : right);
            }
        }
        return Integer.compare(a.length(), b.length());
    }
}
