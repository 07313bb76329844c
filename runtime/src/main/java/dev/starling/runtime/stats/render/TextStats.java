package dev.starling.runtime.stats.render;

import dev.starling.runtime.stats.Counter;
import dev.starling.runtime.stats.Gauge;
import dev.starling.runtime.stats.Histogram;
import dev.starling.runtime.stats.HistogramSnapshot;
import dev.starling.runtime.stats.Metric;
import dev.starling.runtime.stats.TextReadout;
import dev.starling.runtime.text.NumberText;
import java.util.Iterator;

/** Envoy's plain form, a line a stat. */
final class TextStats implements StatsWriter {

    private final Iterator<Metric> stats;
    private final HistogramMode mode;

    TextStats(Iterator<Metric> stats, HistogramMode mode) {
        this.stats = stats;
        this.mode = mode;
    }

    @Override
    public boolean write(StringBuilder page) {
        if (!stats.hasNext()) {
            return false;
        }
        Metric metric = stats.next();
        page.append(metric.name()).append(":");
        switch (metric) {
            case Counter counter -> page.append(' ').append(counter.value());
            case Gauge gauge -> page.append(' ').append(Long.toUnsignedString(gauge.value()));
            case TextReadout text -> page.append(" \"").append(text.value()).append('"');
            case Histogram histogram -> histogram(page, histogram);
        }
        page.append('\n');
        return true;
    }

    private void histogram(StringBuilder page, Histogram histogram) {
        if (!histogram.used()) {
            page.append(" No recorded values");
            return;
        }
        switch (mode) {
            case SUMMARY -> {
                page.append(' ');
                summary(page, histogram);
            }
            case CUMULATIVE, DISJOINT -> buckets(page, histogram);
            case DETAILED -> {
                bins(page.append("\n  totals="), histogram.cumulative());
                bins(page.append("\n  intervals="), histogram.interval());
                summary(page.append("\n  summary="), histogram);
            }
        }
    }

    private static void summary(StringBuilder page, Histogram histogram) {
        double[] interval = HistogramBounds.quantiles(histogram.interval());
        double[] cumulative = HistogramBounds.quantiles(histogram.cumulative());
        for (int i = 0; i < interval.length; i++) {
            page.append(i == 0 ? "P" : " P")
                    .append(HistogramBounds.PERCENT_TEXTS[i])
                    .append('(')
                    .append(NumberText.shortest(interval[i]))
                    .append(',')
                    .append(NumberText.shortest(cumulative[i]))
                    .append(')');
        }
    }

    private void buckets(StringBuilder page, Histogram histogram) {
        long[] interval = HistogramBounds.counts(histogram.interval(), mode);
        long[] cumulative = HistogramBounds.counts(histogram.cumulative(), mode);
        for (int i = 0; i < interval.length; i++) {
            page.append(" B")
                    .append(NumberText.general(HistogramBounds.bucket(i)))
                    .append('(')
                    .append(interval[i])
                    .append(',')
                    .append(cumulative[i])
                    .append(')');
        }
    }

    private static void bins(StringBuilder page, HistogramSnapshot snapshot) {
        int start = page.length();
        snapshot.forEachBucket((lower, width, count) -> page.append(page.length() == start ? "" : ", ")
                .append(NumberText.general(lower))
                .append(',')
                .append(NumberText.general(width))
                .append(':')
                .append(count));
    }
}
